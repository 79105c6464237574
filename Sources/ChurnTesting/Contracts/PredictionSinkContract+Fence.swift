import ChurnCore

extension PredictionSinkContract {
    static let fence: [Check] = [
        Check("a batch that is written again is refused and names where the partition stands") { subject, findings in
            let samples = subject.samples
            let batch = samples.updates(0, 0, 10, previous: nil)
            let first = try await subject.store.write(batch)
            findings.expect(first.isWritten, "the first outcome is \(first), expected written")
            let again = try await subject.store.write(batch)
            try findings.expectFenced(again, [samples.partition(0): StoredPosition(nextOffset: 10, lastUpdate: 9)])
        },
        Check("a batch that is prepared beside another one is written in its turn, and only once") {
            subject, findings in
            let samples = subject.samples
            let first = try await subject.store.prepareWrite(of: samples.updates(0, 0, 10, previous: nil))
            let second = try await subject.store.prepareWrite(of: samples.updates(0, 10, 15, previous: 9))
            let before = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(before.stored, [:], "the positions before a write")
            for (write, name) in [(first, "first"), (second, "second")] {
                let outcome = try await write()
                findings.expect(outcome.isWritten, "the \(name) outcome is \(outcome), expected written")
            }
            try findings.expectFenced(
                try await second(), [samples.partition(0): StoredPosition(nextOffset: 15, lastUpdate: 14)])
        },
        Check("a range that begins below the stored position is refused") { subject, findings in
            try await Self.tryRange(from: 7, to: 15, on: subject, findings)
        },
        Check("a range that begins above the stored position is refused") { subject, findings in
            try await Self.tryRange(from: 11, to: 15, on: subject, findings)
        },
        Check("a range that covers the stored position is refused") { subject, findings in
            try await Self.tryRange(from: 0, to: 100, on: subject, findings)
        },
        Check("updates that do not follow the partition's last one are refused, though the range fits") {
            subject, findings in
            let samples = subject.samples
            let first = try await subject.store.write(samples.updates(0, 0, 10, previous: nil))
            findings.expect(first.isWritten, "the first outcome is \(first), expected written")
            let stand = StoredPosition(nextOffset: 10, lastUpdate: 9)
            for previous in [nil, 8, 10] as [Int64?] {
                let outcome = try await subject.store.write(samples.updates(0, 10, 12, previous: previous))
                try findings.expectFenced(outcome, [samples.partition(0): stand])
            }
            let unknown = try await subject.store.write(samples.updates(1, 10, 12, previous: 9))
            try findings.expectFenced(unknown, [samples.partition(1): nil])
            let right = try await subject.store.write(samples.updates(0, 10, 12, previous: 9))
            findings.expect(right.isWritten, "the right outcome is \(right), expected written")
        },
        Check("where one partition of several is refused, nothing at all is written") { subject, findings in
            let samples = subject.samples
            _ = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 0, 5), samples.range(1, 0, 5)]))
            let outcome = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(0, 5, 9), samples.range(1, 4, 9), samples.range(2, 0, 9)],
                    updates: [samples.block(0, previous: nil, numbers: [5])]))
            try findings.expectFenced(outcome, [samples.partition(1): StoredPosition(nextOffset: 5)])
            let found = try await subject.store.positions(of: samples.name, partitions: [0, 1, 2])
            findings.expectEqual(
                found.stored, [0: StoredPosition(nextOffset: 5), 1: StoredPosition(nextOffset: 5)], "the positions")
        },
        Check("a batch of an epoch that is not the stream's is refused without a position") { subject, findings in
            let samples = subject.samples
            _ = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 0, 5)]))
            let outcome = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 5, 9, epoch: 7)]))
            try findings.expectFenced(outcome, [samples.partition(0, epoch: 7): nil])
            let found = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(found.stored[0]?.nextOffset, 5, "the position")
            findings.expectEqual(found.stream, samples.stream, "the stream")
        },
        Check("a new epoch begins without positions, and the writers of the old one are refused") {
            subject, findings in
            guard let startNewEpoch = subject.startNewEpoch else { return }
            let samples = subject.samples
            _ = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 0, 50)]))
            try await startNewEpoch(samples.name)
            let fresh = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(fresh.stored, [:], "the new epoch's positions")
            findings.expect(fresh.stream.epoch > 0, "the epoch is still \(fresh.stream.epoch)")
            let old = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 50, 60)]))
            try findings.expectFenced(old, [samples.partition(0): nil])
            let new = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(0, 0, 3, epoch: fresh.stream.epoch)]))
            findings.expect(new.isWritten, "the new epoch's outcome is \(new), expected written")
        },
        Check("of writers that race for the same range exactly one wins, round after round") { subject, findings in
            let samples = subject.samples
            for round in 0..<10 {
                let from = Int64(round) * 10
                let written = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            try await subject.store.write(
                                ScoredBatch(ranges: [samples.range(0, from, from + 10)])
                            ).isWritten
                        }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                findings.expectEqual(written, 1, "the number of winners in round \(round)")
            }
            let found = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(found.stored[0]?.nextOffset, 100, "the position")
        },
        Check("writers of overlapping partitions in any order all end, each written or refused") {
            subject, findings in
            let samples = subject.samples
            let written = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        let partitions: [Int32] = writer % 2 == 0 ? [0, 1, 2, 3] : [1, 2, 3, 4]
                        var written = 0
                        for _ in 0..<5 {
                            let now = try await subject.store.positions(of: samples.name, partitions: partitions)
                            let ranges = partitions.map { partition in
                                let from = now.stored[partition]?.nextOffset ?? 0
                                return samples.range(partition, from, from + 1)
                            }
                            if try await subject.store.write(ScoredBatch(ranges: ranges)).isWritten { written += 1 }
                        }
                        return written
                    }
                }
                return try await group.reduce(0, +)
            }
            let found = try await subject.store.positions(of: samples.name, partitions: [0, 1, 2, 3, 4])
            let sum = found.stored.values.reduce(0) { $0 + $1.nextOffset }
            findings.expectEqual(sum, Int64(written * 4), "the sum of the positions")
        },
    ]

    private static func tryRange(
        from: Int64, to: Int64, on subject: Subject, _ findings: ContractFindings
    ) async throws {
        let samples = subject.samples
        _ = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 0, 10)]))
        let outcome = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, from, to)]))
        try findings.expectFenced(outcome, [samples.partition(0): StoredPosition(nextOffset: 10)])
        let found = try await subject.store.positions(of: samples.name, partitions: [0])
        findings.expectEqual(found.stored[0]?.nextOffset, 10, "the position")
    }
}

extension ContractFindings {
    func expectFenced(
        _ outcome: WriteOutcome, _ expected: [StreamPartition: StoredPosition?], fileID: String = #fileID,
        line: Int = #line
    ) throws {
        self.expectEqual(outcome.fenced, expected, "the refusal (\(outcome))", fileID: fileID, line: line)
    }
}

extension StoreSamples {
    static let awkwardIDs = [
        "plain", "with space", "O'Brien", "say \"hi\"", "{a,b}", "comma,semicolon;", "back\\slash", "NULL", "null",
        "naïve", "日本語", "👩‍👩‍👧", "tab\tinside", "line\nbreak", "--", "%s$1", String(repeating: "x", count: 200),
    ]
}
