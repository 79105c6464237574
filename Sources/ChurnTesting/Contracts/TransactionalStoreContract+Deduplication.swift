import ChurnCore

extension TransactionalStoreContract {
    static let deduplication: [Check] = [
        Check("a source event that was never used is not accepted yet") { subject, findings in
            let accepted = try await subject.store.accepted([Self.key("c", "s"), Self.key("c", "")])
            findings.expectEqual(accepted, [], "the accepted source events")
            let none = try await subject.store.accepted([])
            findings.expectEqual(none, [], "the accepted source events of an empty request")
        },
        Check("a scored event's source id is accepted for its customer, and for no other") { subject, findings in
            _ = try await Self.imported("c", on: subject, findings)
            let outcome = try await Self.accept("s", "c", partition: 0, on: subject)
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            let keys = [Self.key("c", "s"), Self.key("c", "t"), Self.key("d", "s"), Self.key("c", "s")]
            let accepted = try await subject.store.accepted(keys)
            findings.expectEqual(accepted, [Self.key("c", "s")], "the accepted source events")
        },
        Check("neither a duplicate nor a rejection makes a source id accepted") { subject, findings in
            let samples = subject.samples
            _ = try await Self.imported("c", on: subject, findings)
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(0, 0, 2)],
                    events: [
                        ScoredEvent(
                            eventID: 1, event: samples.event("c", offset: 0, sourceEventID: "s"), prediction: nil)
                    ], rejections: [samples.rejection(offset: 1)]))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            let accepted = try await subject.store.accepted([Self.key("c", "s")])
            findings.expectEqual(accepted, [], "the accepted source events")
        },
        Check("a batch that accepts a source id which another batch accepted meanwhile conflicts and writes nothing") {
            subject, findings in
            _ = try await Self.imported("c", on: subject, findings)
            _ = try await Self.accept("s", "c", partition: 0, on: subject)
            let outcome = try await Self.accept("s", "c", partition: 1, on: subject)
            findings.expect(outcome.isConflicted, "the outcome is \(outcome), expected conflicted")
            let positions = try await subject.store.positions(of: subject.samples.name, partitions: [1])
            findings.expectEqual(positions.stored, [:], "the positions")
        },
        Check("a recorded duplicate of an accepted source id is written") { subject, findings in
            let samples = subject.samples
            _ = try await Self.imported("c", on: subject, findings)
            _ = try await Self.accept("s", "c", partition: 0, on: subject)
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(1, 0, 1)],
                    events: [
                        ScoredEvent(
                            eventID: 2, event: samples.event("c", partition: 1, offset: 0, sourceEventID: "s"),
                            prediction: nil)
                    ]))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
        },
        Check("of writers that race to accept one source id exactly one wins") { subject, findings in
            _ = try await Self.imported("c", on: subject, findings)
            for round in Int32(0)..<10 {
                let outcomes = try await withThrowingTaskGroup(of: WriteOutcome.self) { group in
                    for writer in Int32(0)..<4 {
                        group.addTask {
                            try await Self.accept("s\(round)", "c", partition: round * 4 + writer, on: subject)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                findings.expectEqual(outcomes.count { $0.isWritten }, 1, "the number of winners in round \(round)")
                findings.expectEqual(outcomes.count { $0.isConflicted }, 3, "the number of conflicts in round \(round)")
            }
        },
    ]

    private static func key(_ customer: String, _ id: String) -> SourceEventKey {
        SourceEventKey(customerID: customer, sourceEventID: id)
    }

    private static func accept(
        _ id: String, _ customer: String, partition: Int32, on subject: Subject
    ) async throws -> WriteOutcome {
        let samples = subject.samples
        let eventID = try await subject.store.reserveEventIDs(1)
        let event = samples.event(customer, partition: partition, offset: 0, sourceEventID: id)
        return try await subject.store.write(
            ScoredBatch(ranges: [samples.range(partition, 0, 1)], events: [samples.scored(event, id: eventID)]))
    }
}
