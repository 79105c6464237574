public import ChurnCore
public import ChurnInsight

/// The contract of every transactional store: states, scores and progress move together, each change once.
public enum TransactionalStoreContract {
    /// A fresh store; customers come in through its directory.
    public typealias Subject = StoreUnderTest<any TransactionalStore & CustomerDirectory>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = states + versions + deduplication + lockedWrites + rescores

    private static let states: [Check] = [
        Check("a written state is read back: features, version, latest score and alert state") { subject, findings in
            let customer = try await Self.imported("c", on: subject, findings)
            let change = subject.samples.change(of: customer, to: 5)
            try await Self.write([change], 0, on: subject, findings)
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"], change.state, "the state")
        },
        Check("a state whose features did not change keeps them and takes the score") { subject, findings in
            let customer = try await Self.imported("c", on: subject, findings)
            var change = subject.samples.change(of: customer, to: 5)
            change.state.features = customer.features
            change.featuresChanged = false
            try await Self.write([change], 0, on: subject, findings)
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"], change.state, "the state")
        },
        Check("an event that changes neither features nor alert state keeps the version and takes the score") {
            subject, findings in
            let customer = try await Self.imported("c", on: subject, findings)
            var state = customer
            state.latest = LatestScore(probability: 0.5, band: .medium, time: StoreSamples.time)
            let change = StateChange(state: state, readVersion: customer.version, featuresChanged: false)
            try await Self.write([change], 0, on: subject, findings)
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"], state, "the state")
        },
        Check("one write changes many customers") { subject, findings in
            let samples = subject.samples
            let customers = samples.customers(1000)
            _ = try await subject.store.importCustomers(customers)
            let before = try await subject.store.states(for: customers.map(\.id))
            let changes = before.values.map { samples.change(of: $0, to: 77) }.sorted { $0.state.id < $1.state.id }
            try await Self.write(changes, 0, on: subject, findings)
            let after = try await subject.store.states(for: customers.map(\.id))
            let wrong = changes.count { after[$0.state.id] != $0.state }
            findings.expectEqual(wrong, 0, "the number of customers that differ")
        },
        Check("a fenced write leaves the customers as they were") { subject, findings in
            let customer = try await Self.imported("c", on: subject, findings)
            try await Self.write([], 0, on: subject, findings)
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [subject.samples.range(0, 0, 1)], changes: [subject.samples.change(of: customer, to: 5)]))
            findings.expect(outcome.fenced != nil, "the outcome is \(outcome), expected fenced")
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"], customer, "the state")
        },
    ]

    private static let versions: [Check] = [
        Check("a state that was read before another writer moved it conflicts, and nothing of the batch is written") {
            subject, findings in
            let samples = subject.samples
            let stale = try await Self.imported("a", on: subject, findings)
            let other = try await Self.imported("b", on: subject, findings)
            try await Self.write([samples.change(of: stale, to: 5)], 0, on: subject, findings)
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(1, 0, 9)],
                    events: [samples.scored(samples.event("b", partition: 1, offset: 0, sourceEventID: "s"), id: 1)],
                    changes: [samples.change(of: stale, to: 6), samples.change(of: other, to: 6)],
                    rejections: [samples.rejection(partition: 1, offset: 2)],
                    updates: [samples.block(1, previous: nil, numbers: [0])]))
            findings.expect(outcome.isConflicted, "the outcome is \(outcome), expected conflicted")
            let after = try await subject.store.states(for: ["a", "b"])
            findings.expectEqual(after["a"]?.features, samples.features(5), "the moved customer's features")
            findings.expectEqual(after["b"], other, "the other customer")
            let positions = try await subject.store.positions(of: samples.name, partitions: [1])
            findings.expectEqual(positions.stored, [:], "the positions")
            let key = SourceEventKey(customerID: "b", sourceEventID: "s")
            let accepted = try await subject.store.accepted([key])
            findings.expectEqual(accepted, [], "the accepted source events")
            if let letters = subject.store as? any DeadLetterStore {
                let found = try await letters.deadLetters(after: 0, status: nil, limit: 10)
                findings.expectEqual(found, [], "the dead letters")
            }
            if let log = subject.store as? any UpdateLog {
                let page = try await log.updates(after: UpdateCursor(), limit: 10)
                findings.expectEqual(page.blocks.count, 0, "the number of update blocks")
            }
        },
        Check("a customer that another writer moved conflicts, even where the batch leaves it as it is") {
            subject, findings in
            let samples = subject.samples
            let stale = try await Self.imported("a", on: subject, findings)
            try await Self.write([samples.change(of: stale, to: 5)], 0, on: subject, findings)
            let unchanged = StateChange(
                state: stale, readVersion: stale.version, featuresChanged: false, scoreChanged: false)
            let outcome = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(1, 0, 9)], changes: [unchanged]))
            findings.expect(outcome.isConflicted, "the outcome is \(outcome), expected conflicted")
        },
        Check("a change of a customer that does not exist conflicts") { subject, findings in
            let samples = subject.samples
            let ghost = samples.customer("ghost")
            let outcome = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(0, 0, 1)], changes: [samples.change(of: ghost, to: 1)]))
            findings.expect(outcome.isConflicted, "the outcome is \(outcome), expected conflicted")
        },
        Check("another program's change of a feature raises the version, and a batch that read before it conflicts") {
            subject, findings in
            guard let updateFeature = subject.updateFeature else { return }
            let samples = subject.samples
            let stale = try await Self.imported("c", on: subject, findings)
            try await updateFeature("c", samples.change)
            let moved = try findings.require(try await subject.store.states(for: ["c"])["c"], "the customer")
            findings.expect(moved.version > stale.version, "the version is still \(moved.version)")
            let outcome = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(0, 0, 1)], changes: [samples.change(of: stale, to: 5)]))
            findings.expect(outcome.isConflicted, "the outcome is \(outcome), expected conflicted")
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"]?.features[samples.change.feature], samples.change.value, "the feature")
        },
        Check("of writers in many partitions that race for one customer's version exactly one wins") {
            subject, findings in
            let samples = subject.samples
            var customer = try await Self.imported("c", on: subject, findings)
            for round in 0..<10 {
                let read = customer
                let outcomes = try await withThrowingTaskGroup(of: WriteOutcome.self) { group in
                    for writer in Int32(0)..<4 {
                        group.addTask {
                            try await subject.store.write(
                                ScoredBatch(
                                    ranges: [samples.range(writer + Int32(round) * 4, 0, 1)],
                                    changes: [samples.change(of: read, to: Int(writer))]))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                findings.expectEqual(outcomes.count { $0.isWritten }, 1, "the number of winners in round \(round)")
                findings.expectEqual(outcomes.count { $0.isConflicted }, 3, "the number of conflicts in round \(round)")
                customer = try findings.require(try await subject.store.states(for: ["c"])["c"], "the customer")
                findings.expectEqual(customer.version, read.version + 1, "the version after round \(round)")
            }
        },
    ]

    static func imported(
        _ id: String, on subject: Subject, _ findings: ContractFindings
    ) async throws -> CustomerState {
        _ = try await subject.store.importCustomers([subject.samples.customer(id)])
        return try findings.require(try await subject.store.states(for: [id])[id], "the imported customer")
    }

    /// Writes changes as the range `[from, from + 1)` of partition 0.
    static func write(
        _ changes: [StateChange], _ from: Int64, on subject: Subject, _ findings: ContractFindings
    ) async throws {
        let outcome = try await subject.store.write(
            ScoredBatch(ranges: [subject.samples.range(0, from, from + 1)], changes: changes))
        findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
    }
}
