import ChurnCore

extension PredictionSinkContract {
    static let pins: [Check] = [
        Check("first positions are stored, and a batch goes on there and nowhere else") { subject, findings in
            let samples = subject.samples
            let pinned = try await subject.store.pin([0: 7, 2: 0], of: samples.stream, partitionCount: 4)
            let expected = [0: StoredPosition(nextOffset: 7), 2: StoredPosition(nextOffset: 0)] as [Int32: _]
            findings.expectEqual(
                pinned, StreamPositions(stream: samples.stream, stored: expected, partitionCount: 4), "the answer")
            let found = try await subject.store.positions(of: samples.name, partitions: [0, 1, 2])
            findings.expectEqual(found, pinned, "the positions")
            let early = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 5, 9)]))
            try findings.expectFenced(early, [samples.partition(0): StoredPosition(nextOffset: 7)])
            let outcome = try await subject.store.write(samples.updates(0, 7, 9, previous: nil))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
        },
        Check("a stored position is not pinned again, and the first count of partitions stays") { subject, findings in
            let samples = subject.samples
            _ = try await subject.store.pin([0: 7], of: samples.stream, partitionCount: nil)
            _ = try await subject.store.write(samples.updates(0, 7, 9, previous: nil))
            for count in [2, 5] {
                let again = try await subject.store.pin([0: 3, 1: 4], of: samples.stream, partitionCount: count)
                findings.expectEqual(
                    again.stored, [0: StoredPosition(nextOffset: 9, lastUpdate: 8), 1: StoredPosition(nextOffset: 4)],
                    "the answer")
                findings.expectEqual(again.partitionCount, 2, "the number of partitions after \(count)")
            }
            let none = try await subject.store.pin([:], of: samples.stream, partitionCount: 6)
            findings.expectEqual(none.stored, [:], "the answer about no partition")
            findings.expectEqual(none.partitionCount, 2, "the number of partitions")
        },
        Check("of several that pin the same partitions at once, the first decides for all") { subject, findings in
            let samples = subject.samples
            let answers = try await withThrowingTaskGroup(of: StreamPositions.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let partitions = Int32(number % 3)..<6
                        let starts = Dictionary(uniqueKeysWithValues: partitions.map { ($0, Int64(number)) })
                        return try await subject.store.pin(starts, of: samples.stream, partitionCount: number + 1)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let found = try await subject.store.positions(of: samples.name, partitions: Array(0..<6))
            findings.expectEqual(found.stored.count, 6, "the number of positions")
            for answer in answers {
                findings.expectEqual(answer.partitionCount, found.partitionCount, "the number of partitions")
                for (partition, position) in answer.stored {
                    findings.expectEqual(position, found.stored[partition], "the position of partition \(partition)")
                }
            }
        },
        Check("only the stream's current epoch is pinned, and it begins without a count") { subject, findings in
            guard let startNewEpoch = subject.startNewEpoch else { return }
            let samples = subject.samples
            let none = try await subject.store.pin(
                [0: 7], of: StreamIdentity(name: samples.name, epoch: 3), partitionCount: 4)
            findings.expectEqual(none, StreamPositions(stream: samples.stream, stored: [:]), "the wrong epoch's answer")
            _ = try await subject.store.pin([0: 7], of: samples.stream, partitionCount: 4)
            try await startNewEpoch(samples.name)
            let old = try await subject.store.pin([0: 8, 1: 9], of: samples.stream, partitionCount: 4)
            findings.expect(old.stream.epoch > 0, "the epoch is still \(old.stream.epoch)")
            findings.expectEqual(old.stored, [:], "the old epoch's answer")
            findings.expectEqual(old.partitionCount, nil, "the new epoch's number of partitions")
            let new = try await subject.store.pin([0: 2], of: old.stream, partitionCount: 5)
            findings.expectEqual(
                new,
                StreamPositions(stream: old.stream, stored: [0: StoredPosition(nextOffset: 2)], partitionCount: 5),
                "the new epoch's answer")
        },
    ]
}
