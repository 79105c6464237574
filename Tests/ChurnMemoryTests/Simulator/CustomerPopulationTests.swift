import ChurnCore
import ChurnMemory
import Testing

@Suite("Customer population")
struct CustomerPopulationTests {
    private let schema = Domain.telco.schema

    private func population(_ seed: UInt64 = 1) throws -> CustomerPopulation {
        try CustomerPopulation(domain: .telco, seed: seed)
    }

    private func value(_ name: String, _ row: LabelledCustomer) throws -> FeatureValue {
        row.customer.features[try #require(self.schema.index(of: name))]
    }

    private func number(_ name: String, _ row: LabelledCustomer) throws -> Double {
        guard case .number(let number) = try self.value(name, row) else { return 0 }
        return number
    }

    private func churn(_ rows: [LabelledCustomer]) -> Double {
        Double(rows.count { $0.hasChurned == true }) / Double(max(rows.count, 1))
    }

    @Test("about 26 of 100 customers leave, whatever the seed", arguments: [1, 2, 3, 99] as [UInt64])
    func baseRate(_ seed: UInt64) throws {
        let rate = self.churn(try self.population(seed).customers(20_000))
        #expect((0.245..<0.285).contains(rate))
    }

    @Test("the same seed gives the same customers, and another seed others")
    func seeds() throws {
        let customers = try self.population().customers(200)
        #expect(try self.population().customers(200) == customers)
        #expect(try self.population(2).customers(200) != customers)
        #expect(try self.population().customers(in: 150..<200) == Array(customers[150...]))
    }

    @Test("no id comes twice")
    func ids() throws {
        let ids = try self.population().customers(50_000).map(\.customer.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 10 })
    }

    @Test("every categorical value is one that the domain lists")
    func categories() throws {
        for row in try self.population().customers(2_000) {
            for (feature, value) in zip(self.schema.features, row.customer.features) {
                switch (feature.type, value) {
                case (.categorical, .text(let text)): #expect(feature.categories.contains(text))
                case (.numeric, .number(let number)): #expect(number.isFinite && number >= 0)
                case (.numeric, .missing): #expect(feature.name == "TotalCharges")
                default: Issue.record("\(feature.name) has a value of another type")
                }
            }
        }
    }

    @Test("services hang together as those of a real customer do")
    func correlations() throws {
        let rows = try self.population().customers(10_000)
        for row in rows {
            let without = try self.value("InternetService", row) == .text("No")
            for name in ["OnlineSecurity", "OnlineBackup", "TechSupport", "StreamingTV"] {
                #expect((try self.value(name, row) == .text("No internet service")) == without)
            }
            let noPhone = try self.value("PhoneService", row) == .text("No")
            #expect((try self.value("MultipleLines", row) == .text("No phone service")) == noPhone)
            let tenure = try self.number("tenure", row)
            #expect((try self.value("TotalCharges", row) == .missing) == (tenure == 0))
            let product = try tenure * self.number("MonthlyCharges", row)
            #expect(abs(try self.number("TotalCharges", row) - product) <= 0.2 * product + 0.05)
        }
        func mean(_ internet: String) throws -> Double {
            let those = try rows.filter { try self.value("InternetService", $0) == .text(internet) }
            return try those.reduce(0) { $0 + (try self.number("MonthlyCharges", $1)) } / Double(those.count)
        }
        #expect(try mean("Fiber optic") > mean("DSL") + 20)
        #expect(try mean("DSL") > mean("No") + 20)
    }

    @Test("customers without a contract leave most, those with two years least")
    func contracts() throws {
        let rows = try self.population().customers(20_000)
        func rate(_ contract: String) throws -> Double {
            self.churn(try rows.filter { try self.value("Contract", $0) == .text(contract) })
        }
        #expect(try rate("Month-to-month") > 0.35)
        #expect(try rate("One year") < 0.2)
        #expect(try rate("Two year") < 0.08)
    }

    @Test("a domain with other features is refused")
    func otherDomain() throws {
        var domain = Domain.telco
        domain.schema = FeatureSchema(features: Array(domain.schema.features.dropLast()))
        let error = try #require(throws: ChurnError.self) { try CustomerPopulation(domain: domain, seed: 1) }
        #expect(error.code == .invalidConfiguration)
    }
}
