import Testing

@testable import ChurnCore

@Suite("The headers of updates") struct UpdateHeaderTests {
    private static func headers(_ count: Int, seed: UInt64) -> [UpdateHeader] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            UpdateHeader(
                isAlert: random.chance(0.5), becameAtRisk: random.chance(0.2),
                band: RiskBand.allCases[random.index(below: 4)],
                eventType: ["a", "monthly_anniversary", "\u{E9}", "e\u{301}", ""][random.index(below: 5)],
                customer: ["7590-VHVEG", "\u{E9}", "e\u{301}", "a\"b", ""][random.index(below: 5)],
                segment: random.chance(0.3) ? nil : ["One year", "Two year"][random.index(below: 2)])
        }
    }

    private static func block(_ headers: [UpdateHeader], seed: UInt64) -> UpdateBlock {
        var random = SeededRandom(seed: seed)
        var writer = HeaderWriter()
        var block = UpdateBlock(
            partition: StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t")), partition: 1),
            previous: 3, numbers: [], bytes: [], ends: [])
        for headers in headers {
            writer.append(headers)
            block.numbers.append((block.numbers.last ?? 3) + 1 + Int64(random.index(below: 400)))
            block.bytes += Array(repeating: 0x20, count: random.index(below: 300))
            block.ends.append(block.bytes.count)
        }
        block.headers = writer.column
        return block
    }

    private static func read(_ index: [UInt8], of block: UpdateBlock) -> UpdateBlock? {
        index.withUnsafeBytes { index in
            block.bytes.withUnsafeBytes { frames in
                UpdateBlock(partition: block.partition, previous: block.previous, frames: frames, index: index)
            }
        }
    }

    @Test("a block comes back from its bytes with its numbers, frames and headers", arguments: [0, 1, 2, 300])
    func roundTrip(_ count: Int) throws {
        for seed in UInt64(0)..<20 {
            let headers = Self.headers(count, seed: seed)
            let block = Self.block(headers, seed: seed)
            let read = try #require(Self.read(block.index, of: block))
            #expect(read.numbers == block.numbers && read.bytes == block.bytes && read.ends == block.ends)
            #expect(block.readHeaders() == headers)
            if count > 0 {
                #expect(read == block)
                // Equal texts whose bytes differ stay apart.
                let spelled = try #require(read.readHeaders()).map {
                    Array($0.customer.utf8) + Array($0.eventType.utf8)
                }
                #expect(spelled == headers.map { Array($0.customer.utf8) + Array($0.eventType.utf8) })
            }
        }
    }

    @Test("a block without headers comes back without them")
    func none() throws {
        var block = Self.block(Self.headers(3, seed: 1), seed: 1)
        block.headers = nil
        #expect(Self.read(block.index, of: block) == block)
        #expect(block.readHeaders() == nil)
    }

    @Test("bytes that were cut, lengthened or changed never crash a reader, nor make frames of other bytes")
    func damaged() {
        var random = SeededRandom(seed: 9)
        for _ in 0..<5_000 {
            let block = Self.block(Self.headers(1 + random.index(below: 6), seed: 2), seed: 3)
            var index = block.index
            switch random.index(below: 3) {
            case 0: index = Array(index.prefix(random.index(below: index.count)))
            case 1: index.append(UInt8(random.index(below: 256)))
            default: index[random.index(below: index.count)] = UInt8(random.index(below: 256))
            }
            guard let read = Self.read(index, of: block) else { continue }
            #expect(read.ends.last ?? 0 == block.bytes.count && read.count == read.ends.count)
            _ = read.readHeaders()
        }
    }
}
