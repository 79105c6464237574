import ChurnCore

extension UpdateLogContract {
    static let sizes: [Check] = [
        Check("a page holds no more bytes than its reader can take, and page after page gives each update once") {
            subject, findings in
            let samples = subject.samples
            for partition in Int32(0)..<2 {
                for from in Int64(0)..<12 {
                    try await Self.write(
                        [Self.large(partition, from, bytes: 100_000, samples)], from, from + 1, partition: partition,
                        on: subject, findings)
                }
            }
            var reader = UpdateReader()
            var pages = 0
            while pages < 100 {
                let page = try await subject.store.updates(after: reader.cursor, limit: 256, bytes: 350_000)
                let size = page.blocks.reduce(0) { $0 + $1.bytes.count }
                findings.expect(size <= 350_000, "a page has \(size) bytes")
                findings.expect(!page.hasMore || !page.blocks.isEmpty, "an empty page says that there is more")
                reader.read(page, findings)
                pages += 1
                if !page.hasMore { break }
            }
            findings.expectEqual(pages, 8, "the number of pages")
            for partition in Int32(0)..<2 {
                findings.expectEqual(
                    reader.numbers[samples.partition(partition)], Array(0..<12), "the numbers of \(partition)")
            }
        },
        Check("a block that is larger than a page may be comes alone") { subject, findings in
            let samples = subject.samples
            for (number, bytes) in [(Int64(0), 10), (1, 3_000_000), (2, 10)] {
                try await Self.write(
                    [Self.large(0, number, bytes: bytes, samples)], number, number + 1, on: subject, findings)
            }
            var cursor = UpdateCursor()
            var pages: [[Int64]] = []
            for _ in 0..<3 {
                let page = try await subject.store.updates(after: cursor, limit: 256, bytes: 1_000_000)
                for block in page.blocks { cursor.advance(past: block) }
                pages.append(page.blocks.flatMap(\.numbers))
            }
            findings.expectEqual(pages, [[0], [1], [2]], "the numbers of each page")
        },
    ]

    /// A block of one frame of this many bytes, which do not compress well.
    private static func large(
        _ partition: Int32, _ number: Int64, bytes: Int, _ samples: StoreSamples
    ) -> UpdateBlock {
        var random = SeededRandom(seed: UInt64(number) &+ 1)
        return UpdateBlock(
            partition: samples.partition(partition), previous: number == 0 ? nil : number - 1, numbers: [number],
            bytes: (0..<bytes).map { _ in UInt8(0x20 + random.index(below: 90)) }, ends: [bytes])
    }
}
