import ChurnCore
public import ChurnInsight

/// The contract of every log of interventions.
public enum InterventionLogContract {
    /// A fresh store that also has customers.
    public typealias Subject = StoreUnderTest<any CustomerDirectory & InterventionLog & AuditLog>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = [
        Check("an intervention gets a number and is kept with type, note, agent and time") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("c")])
            let new = NewIntervention(
                customerID: "c", action: "offer 10 % \"off\"", type: "discount", note: "said 'yes'\n日本",
                agent: "Zoë", time: StoreSamples.time)
            let logged = try findings.require(try await subject.store.log(new), "the intervention")
            let expected = Intervention(
                id: logged.id, action: new.action, time: new.time, agent: new.agent, type: new.type, note: new.note)
            findings.expectEqual(logged, expected, "the intervention")
            let record = try await subject.store.customer(id: "c", recentEvents: 5)
            findings.expectEqual(record?.interventions, [expected], "the interventions in the record")
        },
        Check("an intervention without type, note and agent is the system's") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("c")])
            _ = try await subject.store.log(
                NewIntervention(customerID: "c", action: "call", time: StoreSamples.time))
            let record = try await subject.store.customer(id: "c", recentEvents: 5)
            let found = try findings.require(record?.interventions.first, "the intervention")
            findings.expectEqual(found.agent, "System", "the agent")
            findings.expectEqual(found.type, nil, "the type")
            findings.expectEqual(found.note, nil, "the note")
        },
        Check("a record has its own customer's interventions, the last logged first, whatever their times") {
            subject, findings in
            _ = try await subject.store.importCustomers(["a", "b"].map { subject.samples.customer($0) })
            var numbers: [Int64] = []
            for (customer, seconds) in [("a", 30), ("b", 1), ("a", 10), ("a", 20)] {
                let time = StoreSamples.time.advanced(by: .seconds(seconds))
                let logged = try await subject.store.log(
                    NewIntervention(customerID: customer, action: "at \(seconds)", time: time))
                numbers.append(try findings.require(logged, "the intervention").id)
            }
            findings.expectEqual(Set(numbers).count, 4, "the number of different numbers")
            findings.expectEqual(numbers, numbers.sorted(), "the order of the numbers")
            let record = try await subject.store.customer(id: "a", recentEvents: 5)
            findings.expectEqual(record?.interventions.map(\.action), ["at 20", "at 10", "at 30"], "the actions")
        },
        Check("an intervention comes with its audit entry, and neither is kept where the other cannot be") {
            subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("c")])
            let new = NewIntervention(customerID: "c", action: "call", time: StoreSamples.time)
            await AuditSamples.expectRefusal(findings) {
                _ = try await subject.store.log(new, audit: AuditSamples.refusedNote)
            }
            var record = try await subject.store.customer(id: "c", recentEvents: 5)
            findings.expectEqual(record?.interventions, [], "the interventions after a refused entry")
            try await AuditSamples.expect([], in: subject.store, findings)
            let logged = try await subject.store.log(new) { AuditSamples.entry("log \($0.id)") }
            let id = try findings.require(logged, "the intervention").id
            record = try await subject.store.customer(id: "c", recentEvents: 5)
            findings.expectEqual(record?.interventions.map(\.id), [id], "the interventions")
            try await AuditSamples.expect(["log \(id)"], in: subject.store, findings)
        },
        Check("a write that is sent again with its key is kept once, with its first audit entry") { subject, findings in
            _ = try await subject.store.importCustomers(["c", "d"].map { subject.samples.customer($0) })
            let new = NewIntervention(
                customerID: "c", action: "call", time: StoreSamples.time, writeKey: "one's \"key\"")
            let first = try await subject.store.log(new) { AuditSamples.entry("log \($0.id)") }
            let id = try findings.require(first, "the intervention").id
            let second = try await subject.store.log(new) { AuditSamples.entry("again \($0.id)") }
            findings.expectEqual(second, first, "what the second try answers")
            var other = new
            other.writeKey = "another"
            let third = try await subject.store.log(other)
            other.customerID = "d"
            let fourth = try await subject.store.log(other)
            findings.expect(third != nil && third?.id != id, "another key is another write")
            findings.expect(fourth != nil && fourth?.id != third?.id, "another customer's key is another write")
            other.customerID = "nobody"
            findings.expectEqual(try await subject.store.log(other), nil, "a key of no customer")
            let record = try await subject.store.customer(id: "c", recentEvents: 5)
            findings.expectEqual(record?.interventions.count, 2, "the number of interventions")
            try await AuditSamples.expect(["log \(id)"], in: subject.store, findings)
        },
        Check("tries of one write at the same time keep it once") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("c")])
            let new = NewIntervention(customerID: "c", action: "call", time: StoreSamples.time, writeKey: "k")
            let store = subject.store
            let numbers = try await withThrowingTaskGroup(of: Int64?.self) { group in
                for _ in 0..<4 { group.addTask { try await store.log(new)?.id } }
                return try await group.reduce(into: Set<Int64?>()) { $0.insert($1) }
            }
            findings.expectEqual(numbers.count, 1, "the number of different answers")
            let record = try await subject.store.customer(id: "c", recentEvents: 5)
            findings.expectEqual(record?.interventions.count, 1, "the number of interventions")
        },
        Check("nothing is logged about an unknown customer") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("c")])
            for id in ["nobody", "", "C", "a\0b"] {
                let logged = try await subject.store.log(
                    NewIntervention(customerID: id, action: "call", time: StoreSamples.time))
                findings.expect(logged == nil, "an intervention about an unknown customer was logged")
            }
            _ = try await subject.store.log(
                NewIntervention(customerID: "nobody", action: "call", time: StoreSamples.time), audit: AuditSamples.note
            )
            try await AuditSamples.expect([], in: subject.store, findings)
            let record = try await subject.store.customer(id: "c", recentEvents: 5)
            findings.expectEqual(record?.interventions, [], "the interventions of the known customer")
        },
    ]
}
