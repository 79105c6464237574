public import ChurnCore

/// The contract of every update log: what was written, in order, complete, or an explicit gap.
public enum UpdateLogContract {
    /// A fresh store that is update log and sink at once.
    public typealias Subject = StoreUnderTest<any UpdateLog & PredictionSink>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = reading + sizes + epochsAndGaps + tailing

    private static let reading: [Check] = [
        Check("an empty log has no updates and no gaps") { subject, findings in
            let page = try await subject.store.updates(after: UpdateCursor(), limit: 10)
            findings.expect(page.blocks.isEmpty && page.gaps.isEmpty && !page.hasMore, "the page is \(page)")
            let end = try await subject.store.end()
            findings.expectEqual(end, UpdateCursor(), "the end")
        },
        Check("blocks come back in order with every number, frame and predecessor") { subject, findings in
            let samples = subject.samples
            let first = samples.block(0, previous: nil, numbers: [0, 2, 3])
            let second = samples.block(0, previous: 3, numbers: [7])
            try await Self.write([first], 0, 5, on: subject, findings)
            try await Self.write([second], 5, 9, on: subject, findings)
            let page = try await subject.store.updates(after: UpdateCursor(), limit: 10)
            findings.expectEqual(page.blocks, [first, second], "the blocks")
            findings.expect(page.gaps.isEmpty && !page.hasMore, "the page has gaps or says that there is more")
        },
        Check("a cursor inside a block begins with that block, one at its end with the next") { subject, findings in
            let samples = subject.samples
            let first = samples.block(0, previous: nil, numbers: [0, 2, 3])
            let second = samples.block(0, previous: 3, numbers: [7])
            try await Self.write([first], 0, 5, on: subject, findings)
            try await Self.write([second], 5, 9, on: subject, findings)
            for (seen, expected) in [
                (0, [first, second]), (2, [first, second]), (3, [second]), (5, [second]), (7, []),
            ] {
                let cursor = UpdateCursor(seen: [samples.partition(0): Int64(seen)])
                let page = try await subject.store.updates(after: cursor, limit: 10)
                findings.expectEqual(page.blocks, expected, "the blocks after \(seen)")
                findings.expect(page.gaps.isEmpty, "there is a gap after \(seen)")
            }
        },
        Check("the end is the cursor of a reader that has seen everything") { subject, findings in
            let samples = subject.samples
            try await Self.write([samples.block(0, previous: nil, numbers: [1, 2])], 0, 5, on: subject, findings)
            try await Self.write(
                [samples.block(1, previous: nil, numbers: [8])], 0, 9, partition: 1, on: subject, findings)
            let end = try await subject.store.end()
            findings.expectEqual(end.seen, [samples.partition(0): 2, samples.partition(1): 8], "the end")
            let page = try await subject.store.updates(after: end, limit: 10)
            findings.expectEqual(page.blocks, [], "the blocks after the end")
            let next = samples.block(0, previous: 2, numbers: [5])
            try await Self.write([next], 5, 6, on: subject, findings)
            let later = try await subject.store.updates(after: end, limit: 10)
            findings.expectEqual(later.blocks, [next], "the blocks that were written after the end")
        },
        Check("a partition that the cursor does not name is read from its beginning") { subject, findings in
            let samples = subject.samples
            let other = samples.block(1, previous: nil, numbers: [0])
            try await Self.write([samples.block(0, previous: nil, numbers: [0])], 0, 1, on: subject, findings)
            try await Self.write([other], 0, 1, partition: 1, on: subject, findings)
            let page = try await subject.store.updates(
                after: UpdateCursor(seen: [samples.partition(0): 0]), limit: 10)
            findings.expectEqual(page.blocks, [other], "the blocks")
        },
        Check("a limit cuts the page and says that there is more, and page after page gives each update once") {
            subject, findings in
            let samples = subject.samples
            for partition in Int32(0)..<3 {
                for from in Int64(0)..<7 {
                    try await Self.write(
                        [samples.block(partition, previous: from == 0 ? nil : from - 1, numbers: [from])], from,
                        from + 1, partition: partition, on: subject, findings)
                }
            }
            var reader = UpdateReader()
            for _ in 0..<40 {
                let page = try await subject.store.updates(after: reader.cursor, limit: 2)
                findings.expect(page.blocks.count <= 2, "a page has \(page.blocks.count) blocks")
                reader.read(page, findings)
                if !page.hasMore { break }
                findings.expect(!page.blocks.isEmpty, "an empty page says that there is more")
            }
            for partition in Int32(0)..<3 {
                findings.expectEqual(
                    reader.numbers[samples.partition(partition)], Array(0..<7), "the numbers of \(partition)")
            }
        },
        Check("a refused write publishes nothing") { subject, findings in
            let samples = subject.samples
            let only = samples.block(0, previous: nil, numbers: [0])
            try await Self.write([only], 0, 5, on: subject, findings)
            let outcome = try await subject.store.write(samples.updates(0, 3, 8, previous: 0))
            findings.expect(outcome.fenced != nil, "the outcome is \(outcome), expected fenced")
            let page = try await subject.store.updates(after: UpdateCursor(), limit: 10)
            findings.expectEqual(page.blocks, [only], "the blocks")
        },
    ]

    static func write(
        _ blocks: [UpdateBlock], _ from: Int64, _ to: Int64, partition: Int32 = 0, epoch: Int32 = 0,
        on subject: Subject, _ findings: ContractFindings
    ) async throws {
        let outcome = try await subject.store.write(
            ScoredBatch(ranges: [subject.samples.range(partition, from, to, epoch: epoch)], updates: blocks))
        findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
    }
}
