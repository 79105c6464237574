import ChurnCore
import Testing

@testable import ChurnInsight

@Suite struct FoldedScanTests {
    /// Few letters, so that parts are found often, across the border of what is compared at once too.
    private static func text(_ random: inout SeededRandom, _ count: Int) -> [UInt8] {
        (0..<count).map { _ in Array("aAbB-".utf8)[Int(random.next() % 5)] }
    }

    @Test("finds the first place, whatever the case and wherever it begins to look")
    func places() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<400 {
            let bytes = Self.text(&random, Int(random.next() % 120))
            let key = Self.text(&random, 1 + Int(random.next() % 7)).map { $0 < 0x5B && $0 > 0x40 ? $0 | 0x20 : $0 }
            let folded = Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
            let places = folded.indices.filter { folded[$0...].starts(with: key) }
            let scan = FoldedScan(key)
            bytes.withUnsafeBytes { raw in
                for start in 0...bytes.count {
                    #expect(scan.firstOffset(in: raw, from: start) == places.first { $0 >= start })
                }
            }
            #expect(FoldedScan.contains(folded, key) == !places.isEmpty)
        }
    }

    @Test("finds ids of one length and of several, and none across the border of two")
    func ids() {
        for names in [["ab-1", "b-1A", "1ab-", "AB-1"], ["ab", "b-1a", "", "x", "Äab-", "AB-1b", "äb"]] {
            var ids = IDColumn()
            for name in names { ids.append(name) }
            for key in ["ab", "b-1", "a", "1a", "-", "äb", "ä", "1b-", "xä", "zz"] {
                var found: [Int32] = []
                ids.forEachSlot(containing: Array(key.utf8)) { found.append($0) }
                let wanted = names.indices.filter { names[$0].lowercased().contains(key) }.map(Int32.init)
                #expect(found.sorted() == wanted, "\(key) in \(names)")
            }
        }
    }
}
