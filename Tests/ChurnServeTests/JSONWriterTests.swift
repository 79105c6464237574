import ChurnCore
import Foundation
import NIOCore
import Testing

@testable import ChurnServe

@Suite("The JSON of answers") struct JSONWriterTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object(body)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test(
        "quotes text so that every parser reads the same",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("Ü 漢 🙂 \u{7F}", "\"Ü 漢 🙂 \u{7F}\""), (#"a"b\c"#, #""a\"b\\c""#),
            ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{8}\u{F}\u{10}\u{1F}", #""\u0000\u0008\u000f\u0010\u001f""#),
            ("long enough to be no small string \u{1}", #""long enough to be no small string \u0001""#),
        ])
    func quotes(value: String, expected: String) throws {
        let written = self.text { $0.field(value, value) }
        #expect(written == "{\(expected):\(expected)}")
        let parsed = try JSONDecoder().decode([String: String].self, from: Data(written.utf8))
        #expect(parsed == [value: value])
    }

    @Test("finds what must be escaped wherever it stands, and takes nothing else for it")
    func everyByteEverywhere() throws {
        for scalar in (0..<0x100).compactMap(Unicode.Scalar.init) {
            for place in 0..<18 {
                let value =
                    String(repeating: "x", count: place) + String(scalar) + String(repeating: "y", count: 17 - place)
                let written = self.text { $0.field("n", value) }
                let parsed = try JSONDecoder().decode([String: String].self, from: Data(written.utf8))
                #expect(parsed["n"] == value)
                let isPlain = scalar.value >= 0x20 && scalar != "\"" && scalar != "\\"
                #expect(isPlain == (written == #"{"n":"\#(value)"}"#))
            }
        }
    }

    @Test(
        "writes every whole number as it is",
        arguments: [0, 1, -1, 9, 10, 1_000_000, -999, Int64.max, Int64.min])
    func wholeNumbers(number: Int64) {
        #expect(self.text { $0.field("n", number) } == #"{"n":\#(number)}"#)
        #expect(self.text { $0.field("n", Int(number)) } == #"{"n":\#(number)}"#)
    }

    @Test(
        "writes a number so that reading it gives the same, whole ones without a fraction",
        arguments: [
            (0.1, "0.1"), (1.0 / 3, "0.3333333333333333"), (0.7012345790863037, "0.7012345790863037"), (29.85, "29.85"),
            (-0.0, "0"), (72, "72"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
            (-1e15, "-1000000000000000"), (.nan, "null"), (.infinity, "null"),
        ] as [(Double, String)])
    func numbers(number: Double, expected: String) {
        #expect(self.text { $0.field("n", number) } == #"{"n":\#(expected)}"#)
        #expect(self.text { $0.field("n", FeatureValue.number(number)) } == #"{"n":\#(expected)}"#)
    }

    @Test(
        "writes amounts of money, and what lies beside them, in the fewest digits",
        arguments: [1, 1e3, 1e9, 1e13])
    func amounts(scale: Double) {
        for number in stride(from: -2.5, through: 2.5, by: 0.01) {
            let amount = (number * scale * 100).rounded() / 100
            for value in [amount, amount.nextUp, amount.nextDown, amount / 10] where Int64(exactly: value) == nil {
                #expect(self.text { $0.field("n", value) } == #"{"n":\#(value)}"#)
            }
        }
    }

    @Test(
        "writes a time as its ISO 8601 text",
        arguments: [0, -1, 951_825_600_123_456, -62_135_596_800_000_000, 253_402_300_800_000_000, .max, .min])
    func times(microseconds: Int64) {
        let time = Timestamp(microseconds: microseconds)
        #expect(self.text { $0.field("t", time) } == #"{"t":"\#(time.iso8601)"}"#)
        #expect(self.text { $0.field("t", Timestamp?.none) } == #"{"t":null}"#)
    }

    @Test("puts commas where they belong, also in and after what is nested")
    func nesting() {
        let written = self.text { json in
            json.field("none", array: [Int]()) { _, _ in }
            json.field("texts", array: ["a", "b"]) { $0.value($1) }
            json.field("objects", array: [1, 2]) { json, number in
                json.object { json in
                    json.field("number", number)
                    json.field("raw", json: Array("[1]".utf8))
                }
            }
            json.field("optional", optional: Int?.none) { _, _ in }
            json.field("object", optional: 1) { json, _ in json.field("flag", true) }
            json.field("missing", FeatureValue.missing)
        }
        #expect(
            written
                == #"{"none":[],"texts":["a","b"],"objects":[{"number":1,"raw":[1]},{"number":2,"raw":[1]}],"#
                + #""optional":null,"object":{"flag":true},"missing":null}"#)
    }

    @Test("writes as much as there is, in pieces of all lengths", arguments: [0, 1, 31, 32, 33, 1_000, 5_000])
    func long(count: Int) throws {
        let texts = (0..<count).map { String(repeating: $0 % 7 == 0 ? "\"" : "x", count: $0 % 400) }
        var json = JSONWriter()
        json.array(texts) { json, text in json.object { $0.field("t", text) } }
        let parsed = try JSONDecoder().decode([[String: String]].self, from: Data(json.bytes))
        #expect(parsed.compactMap { $0["t"] } == texts)
        #expect(Array(json.buffer.readableBytesView) == json.bytes)
    }
}
