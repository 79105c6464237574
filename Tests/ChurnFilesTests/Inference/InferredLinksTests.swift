import ChurnCore
import ChurnFiles
import ChurnTesting
import Testing

@Suite("Inferred links and limits")
struct InferredLinksTests {
    private static func links(_ domain: Domain) -> [String: [String]] {
        let names = domain.schema.features.map(\.name)
        return Dictionary(
            uniqueKeysWithValues: domain.links.map { (names[$0.feature], $0.factors.map { names[$0] }) })
    }

    @Test("a charge follows its minutes, and a plan goes with its messages; neither becomes an action of its own")
    func phone() throws {
        let made = try DomainInferenceTests.infer(PhoneFile(customers: 1_500, seed: 1).text, label: "Churn?")
        let links = Self.links(made.domain)
        #expect(links["Day Charge"] == ["Day Mins"] && links["Eve Charge"] == ["Eve Mins"])
        #expect(links["VMail Plan"] == ["VMail Message"])
        #expect(links["Intl plan"] == nil && links["CustServ Calls"] == nil && links["Day Mins"] == nil)
        let ids = made.domain.actions.map(\.id)
        #expect(!ids.contains("offer_discount") && !ids.contains("set_vmail_plan"))
        let mins = try #require(made.domain.schema.index(of: "Day Mins"))
        #expect(made.domain.schema.features[mins].minimum == 0)
    }

    @Test("a total follows tenure times charge, nearly")
    func product() throws {
        var random = SeededRandom(seed: 3)
        let rows = (0..<400).map { row in
            let (tenure, charge) = (1 + random.index(below: 70), 20 + random.index(below: 90))
            let total = Double(tenure * charge) * (0.98 + 0.04 * random.uniform())
            return "c\(row),\(["A", "B"][row % 2]),\(["Female", "Male"][random.index(below: 2)]),"
                + "\(tenure),\(charge),\(Int(total)),\(random.index(below: 50) - 9),\(random.chance(0.3) ? "yes" : "no")\n"
        }
        let made = try DomainInferenceTests.infer(
            "Id,Plan,Gender,Tenure,Monthly charge,Total charges,Balance change,Left\n" + rows.joined(), id: "Id",
            label: "Left")
        #expect(Self.links(made.domain) == ["Total charges": ["Tenure", "Monthly charge"]])
        let features = made.domain.schema.features
        #expect(features.first { $0.name == "Gender" }?.isImmutable == true)
        #expect(features.first { $0.name == "Balance change" }?.minimum == nil)
    }
}
