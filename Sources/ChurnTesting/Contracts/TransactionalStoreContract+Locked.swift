import ChurnCore
import ChurnInsight

extension TransactionalStoreContract {
    private struct FoldFailure: Error {}

    static let lockedWrites: [Check] = [
        Check("a fold sees the current states and the accepted source ids, and what it makes is written") {
            subject, findings in
            let samples = subject.samples
            let customer = try await Self.imported("c", on: subject, findings)
            let event = samples.event("c", offset: 0, sourceEventID: "used")
            _ = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(0, 0, 1)], events: [samples.scored(event, id: 1)]))
            let used = SourceEventKey(customerID: "c", sourceEventID: "used")
            let unused = SourceEventKey(customerID: "c", sourceEventID: "unused")
            let outcome = try await subject.store.write(
                ranges: [samples.range(0, 1, 4)], customers: ["c", "nobody"], keys: [used, unused]
            ) { locked in
                findings.expectEqual(locked.states, ["c": customer], "the locked states")
                findings.expectEqual(locked.accepted, [used], "the accepted source events")
                return ScoredBatch(
                    ranges: [samples.range(0, 1, 4)],
                    changes: locked.states.values.map { samples.change(of: $0, to: 9) },
                    updates: [samples.block(0, previous: nil, numbers: [2])])
            }
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"]?.features, samples.features(9), "the features")
            let positions = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(
                positions.stored[0], StoredPosition(nextOffset: 4, lastUpdate: 2), "the position")
        },
        Check("a locked write whose range does not begin at the stored position is fenced and folds nothing") {
            subject, findings in
            let samples = subject.samples
            let customer = try await Self.imported("c", on: subject, findings)
            try await Self.write([], 0, on: subject, findings)
            for from in [Int64(0), 2] {
                let outcome = try await subject.store.write(
                    ranges: [samples.range(0, from, 9), samples.range(1, 0, 9)], customers: ["c"], keys: []
                ) { locked in
                    findings.expect(false, "the fold ran for a range from \(from)")
                    return ScoredBatch(ranges: [samples.range(0, from, 9), samples.range(1, 0, 9)])
                }
                try findings.expectFenced(outcome, [samples.partition(0): StoredPosition(nextOffset: 1)])
            }
            let positions = try await subject.store.positions(of: samples.name, partitions: [0, 1])
            findings.expectEqual(positions.stored, [0: StoredPosition(nextOffset: 1)], "the positions")
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"], customer, "the state")
        },
        Check("a fold that throws writes nothing, and the store goes on") { subject, findings in
            let samples = subject.samples
            let customer = try await Self.imported("c", on: subject, findings)
            do {
                let outcome = try await subject.store.write(
                    ranges: [samples.range(0, 0, 1)], customers: ["c"], keys: []
                ) { _ in throw FoldFailure() }
                findings.expect(false, "the outcome is \(outcome), expected the fold's error")
            } catch is FoldFailure {
                // As promised: the fold's own error.
            }
            let positions = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(positions.stored, [:], "the positions")
            try await Self.write([samples.change(of: customer, to: 3)], 0, on: subject, findings)
        },
        Check("locked writers of one customer in many partitions all succeed, and no change is lost") {
            subject, findings in
            let samples = subject.samples
            let customer = try await Self.imported("c", on: subject, findings)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in Int32(0)..<4 {
                    group.addTask {
                        for round in Int64(0)..<5 {
                            let range = samples.range(writer, round, round + 1)
                            let outcome = try await subject.store.write(ranges: [range], customers: ["c"], keys: []) {
                                locked in
                                ScoredBatch(
                                    ranges: [range],
                                    changes: locked.states.values.map {
                                        samples.change(of: $0, to: Int($0.version) + 1)
                                    })
                            }
                            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"]?.version, customer.version + 20, "the version")
        },
        Check("locked writers that name the same customers in opposite orders all end") { subject, findings in
            let samples = subject.samples
            let ids = (0..<20).map { "c\(100 + $0)" }
            _ = try await subject.store.importCustomers(ids.map { samples.customer($0) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in Int32(0)..<4 {
                    let order = writer % 2 == 0 ? ids : ids.reversed()
                    group.addTask {
                        for round in Int64(0)..<4 {
                            let range = samples.range(writer, round, round + 1)
                            let outcome = try await subject.store.write(ranges: [range], customers: order, keys: []) {
                                locked in
                                ScoredBatch(
                                    ranges: [range],
                                    changes: locked.states.values.map { samples.change(of: $0, to: 1) }
                                        .sorted { $0.state.id < $1.state.id })
                            }
                            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let after = try await subject.store.states(for: ids)
            findings.expectEqual(Set(after.values.map(\.version)).count, 1, "the number of different versions")
        },
        Check("one process has the turn until it gives it back or its time is over") { subject, findings in
            let store = subject.store
            findings.expect(try await store.claimTurn("a", for: .seconds(60)), "the first did not get the turn")
            findings.expect(try await !store.claimTurn("b", for: .seconds(60)), "two have the turn")
            try await store.endTurn("b")
            findings.expect(try await !store.claimTurn("b", for: .seconds(60)), "one ended the other's turn")
            findings.expect(try await store.claimTurn("a", for: .seconds(60)), "it could not be prolonged")
            try await store.endTurn("a")
            findings.expect(try await store.claimTurn("b", for: .milliseconds(1)), "it was not given back")
            try await Task.sleep(for: .milliseconds(20))
            findings.expect(try await store.claimTurn("a", for: .seconds(60)), "a turn outlasts its time")
            try await store.endTurn("a")
        },
        Check("a customer is moved by no other writer between a fold's reading and its writing") { subject, findings in
            let samples = subject.samples
            _ = try await Self.imported("c", on: subject, findings)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for round in Int64(0)..<10 {
                        let range = samples.range(0, round, round + 1)
                        let outcome = try await subject.store.write(ranges: [range], customers: ["c"], keys: []) {
                            locked in
                            await Task.yield()
                            return ScoredBatch(
                                ranges: [range], changes: locked.states.values.map { samples.change(of: $0, to: 1) })
                        }
                        findings.expect(outcome.isWritten, "the locked outcome is \(outcome), expected written")
                    }
                }
                group.addTask {
                    var written = Int64(0)
                    while written < 10 {
                        try Task.checkCancellation()
                        guard let state = try await subject.store.states(for: ["c"])["c"] else { return }
                        let outcome = try await subject.store.write(
                            ScoredBatch(
                                ranges: [samples.range(1, written, written + 1)],
                                changes: [samples.change(of: state, to: 2)]))
                        if outcome.isWritten { written += 1 }
                    }
                }
                try await group.waitForAll()
            }
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"]?.version, 20, "the version")
        },
    ]
}
