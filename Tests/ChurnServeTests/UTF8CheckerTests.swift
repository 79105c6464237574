import ChurnCore
import Testing

@testable import ChurnServe

@Suite struct UTF8CheckerTests {
    private func isWhole(_ bytes: [UInt8]) -> Bool {
        var checker = UTF8Checker()
        return bytes.withUnsafeBytes { checker.accept($0) } && checker.isAtBoundary
    }

    @Test(
        "UTF-8 is distinguished from what is not",
        arguments: [
            ([], true), ([0x24], true), ([0xC3, 0xA9], true), ([0xE2, 0x82, 0xAC], true),
            ([0xF0, 0x9F, 0x98, 0x80], true),
            ([0xED, 0x9F, 0xBF], true), ([0xEE, 0x80, 0x80], true), ([0xF4, 0x8F, 0xBF, 0xBF], true), ([0x00], true),
            ([0x80], false), ([0xC0, 0x80], false), ([0xC1, 0xBF], false), ([0xE0, 0x9F, 0xBF], false),
            ([0xED, 0xA0, 0x80], false), ([0xED, 0xBF, 0xBF], false), ([0xF0, 0x8F, 0xBF, 0xBF], false),
            ([0xF4, 0x90, 0x80, 0x80], false), ([0xF5, 0x80, 0x80, 0x80], false), ([0xFF], false), ([0xC3], false),
            ([0xE2, 0x82], false), ([0xC3, 0x28], false),
        ] as [([UInt8], Bool)])
    func table(_ bytes: [UInt8], _ isText: Bool) { #expect(self.isWhole(bytes) == isText) }

    @Test("random bytes are judged as the standard library judges them, wherever they are cut")
    func agreesWithStandardLibrary() {
        var random = SeededRandom(seed: 1)
        let likely: [UInt8] = [0x41, 0x80, 0xBF, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0x9F, 0xA0, 0x8F, 0x90]
        for _ in 0..<20_000 {
            let bytes = (0..<random.index(below: 8)).map { _ in likely[random.index(below: likely.count)] }
            let cut = random.index(below: bytes.count + 1)
            var checker = UTF8Checker()
            let isText =
                bytes[..<cut].withUnsafeBytes { checker.accept($0) }
                && bytes[cut...].withUnsafeBytes { checker.accept($0) } && checker.isAtBoundary
            #expect(isText == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test("bad text fails at its first bad byte, not at its end")
    func failsFast() {
        var checker = UTF8Checker()
        let first = [UInt8(0xF4)].withUnsafeBytes { checker.accept($0) }
        let second = [UInt8(0x90)].withUnsafeBytes { checker.accept($0) }
        #expect(first && !second)
    }
}
