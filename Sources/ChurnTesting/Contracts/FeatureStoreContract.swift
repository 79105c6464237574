public import ChurnCore
public import ChurnInsight

/// The contract of every feature store: complete, current states of many customers at once.
public enum FeatureStoreContract {
    /// A fresh store; customers come in through its directory.
    public typealias Subject = StoreUnderTest<any FeatureStore & CustomerDirectory>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = [
        Check("states are complete: every feature in the schema's order, missing values missing") { subject, findings in
            let customers = subject.samples.customers(20)
            _ = try await subject.store.importCustomers(customers)
            let states = try await subject.store.states(for: customers.map(\.id))
            findings.expectEqual(states.count, 20, "the number of states")
            for customer in customers {
                let state = try findings.require(states[customer.id], "customer \(customer.id)")
                findings.expectEqual(state.id, customer.id, "the id")
                findings.expectEqual(state.features, customer.features, "the features")
            }
        },
        Check("a new customer has no score and is not at risk") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("new")])
            let states = try await subject.store.states(for: ["new"])
            let state = try findings.require(states["new"], "the customer")
            findings.expectEqual(state.latest, nil, "the latest score")
            findings.expectEqual(state.alert, AlertState(), "the alert state")
        },
        Check("unknown customers are absent, which is not an error") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("known")])
            let states = try await subject.store.states(for: ["unknown", "known", "Known", "known "])
            findings.expectEqual(Set(states.keys), ["known"], "the customers found")
        },
        Check("an id that is the customer's in another spelling is unknown, asked alone or beside the customer's") {
            subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("\u{E9}")])
            let alone = try await subject.store.states(for: ["e\u{301}"])
            findings.expect(alone.isEmpty, "found \(alone.count) customers")
            for ids in [["\u{E9}", "e\u{301}"], ["e\u{301}", "\u{E9}", "e\u{301}"]] {
                let found = try await subject.store.states(inOrderOf: ids).map { $0 != nil }
                findings.expectEqual(found, ids.map { $0.utf8.count == 2 }, "whether each is found")
            }
            let record = try await subject.store.customer(id: "e\u{301}", recentEvents: 1)
            findings.expect(record == nil, "the directory finds a customer")
        },
        Check("ids may repeat") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("twice")])
            let states = try await subject.store.states(for: ["twice", "twice", "twice"])
            findings.expectEqual(Set(states.keys), ["twice"], "the customers found")
        },
        Check("asking for no customers gives none") { subject, findings in
            let states = try await subject.store.states(for: [])
            findings.expect(states.isEmpty, "found \(states.count) customers")
        },
        Check("thousands of customers are read at once") { subject, findings in
            let customers = subject.samples.customers(4000)
            _ = try await subject.store.importCustomers(customers)
            let states = try await subject.store.states(for: customers.map(\.id))
            let wrong = customers.count { states[$0.id]?.features != $0.features }
            findings.expectEqual(wrong, 0, "the number of customers that are absent or differ")
        },
        Check("numbers keep every bit, and a missing number is not zero") { subject, findings in
            let numbers: [Double] = [
                0, -0.0, 0.1 + 0.2, 1 / 3, -12.345678901234567, .pi * 1e-300, 1e300, .greatestFiniteMagnitude,
                .leastNonzeroMagnitude, 9_007_199_254_740_991,
            ]
            let samples = subject.samples
            let feature = samples.change.feature
            var customers = numbers.enumerated().map { samples.customer("number-\($0.offset)") }
            for (index, number) in numbers.enumerated() { customers[index].features[feature] = .number(number) }
            var missing = samples.customer("missing")
            missing.features[feature] = .missing
            _ = try await subject.store.importCustomers(customers + [missing])
            let states = try await subject.store.states(for: customers.map(\.id) + ["missing"])
            findings.expectEqual(states["missing"]?.features[feature], .missing, "the missing number")
            for (index, number) in numbers.enumerated() {
                guard case .number(let read)? = states["number-\(index)"]?.features[feature] else {
                    findings.expect(false, "\(number) was not read back as a number")
                    continue
                }
                findings.expectEqual(read.bitPattern, number.bitPattern, "the bits of \(number)")
            }
        },
        Check("ids and texts with quotes, braces, backslashes and other scripts come back unchanged") {
            subject, findings in
            let samples = subject.samples
            let feature = subject.domain.schema.features.firstIndex { $0.type == .categorical }
            let customers = StoreSamples.awkwardIDs.map { id in
                var customer = samples.customer(id)
                if let feature { customer.features[feature] = .text(id) }
                return customer
            }
            _ = try await subject.store.importCustomers(customers)
            let states = try await subject.store.states(for: StoreSamples.awkwardIDs)
            for customer in customers {
                findings.expectEqual(
                    states[customer.id]?.features, customer.features, "the features of \(customer.id)")
            }
        },
    ]
}
