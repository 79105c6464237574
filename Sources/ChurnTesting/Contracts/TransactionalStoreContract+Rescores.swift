import ChurnCore

extension TransactionalStoreContract {
    static let rescores: [Check] = [
        Check("a score without an event becomes the latest score and moves neither version nor alert state") {
            subject, findings in
            let samples = subject.samples
            let customer = try await Self.imported("c", on: subject, findings)
            let written = samples.change(of: customer, to: 4)
            try await Self.write([written], 0, on: subject, findings)
            let time = StoreSamples.time.advanced(by: .seconds(60))
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(1, 0, 1)],
                    rescores: [
                        Rescore(
                            eventID: 9, prediction: samples.prediction("c", 0.5, version: written.state.version),
                            time: time)
                    ]))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            var expected = written.state
            expected.latest = LatestScore(probability: 0.5, band: .medium, time: time)
            let after = try await subject.store.states(for: ["c"])
            findings.expectEqual(after["c"], expected, "the state")
        },
        Check("a score of a customer that moved meanwhile, or is gone, is skipped; the rest of the batch is written") {
            subject, findings in
            let samples = subject.samples
            let moved = try await Self.imported("moved", on: subject, findings)
            let still = try await Self.imported("still", on: subject, findings)
            let change = samples.change(of: moved, to: 4)
            try await Self.write([change], 0, on: subject, findings)
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(1, 0, 3)],
                    rescores: [
                        Rescore(
                            eventID: 7, prediction: samples.prediction("gone", 0.1), time: StoreSamples.time),
                        Rescore(
                            eventID: 8, prediction: samples.prediction("moved", 0.1, version: moved.version),
                            time: StoreSamples.time),
                        Rescore(
                            eventID: 9, prediction: samples.prediction("still", 0.9, version: still.version),
                            time: StoreSamples.time),
                    ]))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            let after = try await subject.store.states(for: ["moved", "still"])
            findings.expectEqual(after["moved"], change.state, "the customer that moved")
            findings.expectEqual(after["still"]?.latest?.probability, 0.9, "the other customer's score")
            let positions = try await subject.store.positions(of: samples.name, partitions: [1])
            findings.expectEqual(positions.stored[1]?.nextOffset, 3, "the position")
        },
    ]
}
