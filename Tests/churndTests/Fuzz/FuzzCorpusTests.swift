import ChurnCore
import Foundation
import Testing

@Suite("Fuzz corpus", .timeLimit(.minutes(5)))
struct FuzzCorpusTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz/Corpus")

    /// Cuts off, flips bits, replaces, copies and inserts, as the seed says.
    private static func mutated(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = original
        for _ in 0..<1 + random.index(below: 4) where !bytes.isEmpty {
            let place = random.index(below: bytes.count)
            switch random.index(below: 5) {
            case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
            case 1: bytes[place] = UInt8(random.index(below: 256))
            case 2: bytes.insert(Array("\"{}[],:;\n\r\\0e-&*#|".utf8)[random.index(below: 18)], at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 8)))
            default:
                let source = random.index(below: bytes.count)
                bytes.insert(contentsOf: bytes[source..<min(bytes.count, source + 16)], at: place)
            }
        }
        return bytes
    }

    @Test("no input of the corpus and no mutation of one breaks what must hold", arguments: FuzzTarget.allCases)
    func smoke(_ target: FuzzTarget) throws {
        let folder = Self.corpus.appending(path: target.rawValue)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(!names.isEmpty)
        for (number, name) in names.enumerated() {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
            try target.run(bytes)
            var random = SeededRandom(seed: 1, stream: UInt64(number))
            for _ in 0..<100 { try target.run(Self.mutated(bytes, &random)) }
        }
    }
}
