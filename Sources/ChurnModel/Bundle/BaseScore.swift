import ChurnCore

/// The trap of boosters saved by XGBoost 3.1 or later: their `base_score` is read wrongly by libxgboost 1.7.
///
/// They write it as `"[4.496E-1]"`. The older library says nothing, takes 0.5 instead, and every score is wrong.
/// In JSON the brackets are taken off; a UBJ file in that form is refused, since only its writer can say it otherwise.
enum BaseScore {
    private static let key = Array("base_score".utf8)

    /// A JSON booster in the form that libxgboost 1.7 reads.
    static func repaired(json: [UInt8]) throws -> [UInt8] {
        let quoted = [UInt8(ascii: "\"")] + Self.key + [UInt8(ascii: "\"")]
        guard let found = json.firstRange(of: quoted) else { throw Self.refusal("has no base_score") }
        var rest = json[found.upperBound...].drop(while: Self.isBlank)
        guard rest.popFirst() == UInt8(ascii: ":") else { throw Self.refusal("has no base_score") }
        rest = rest.drop(while: Self.isBlank)
        guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")) else {
            throw Self.refusal("has a base_score that is not a text")
        }
        let value = rest[..<end]
        guard value.first == UInt8(ascii: "["), value.last == UInt8(ascii: "]") else {
            try Self.checkNumber(value)
            return json
        }
        let inner = value.dropFirst().dropLast()
        try Self.checkNumber(inner)
        return Array(json[..<value.startIndex] + inner + json[value.endIndex...])
    }

    /// Throws where a UBJ booster is not in the form that libxgboost 1.7 reads.
    static func check(ubj: [UInt8]) throws {
        guard let found = ubj.firstRange(of: Self.key) else { throw Self.refusal("has no base_score") }
        var rest = ubj[found.upperBound...]
        // A text: `S`, the type of its length (`i`, `U`, `I`, `l`, `L`), the length in that many bytes, the text.
        guard rest.popFirst() == UInt8(ascii: "S"), let type = rest.popFirst(),
            let width = [
                UInt8(ascii: "i"): 1, UInt8(ascii: "U"): 1, UInt8(ascii: "I"): 2, UInt8(ascii: "l"): 4,
                UInt8(ascii: "L"): 8,
            ][type]
        else { throw Self.refusal("has a base_score that is not a text") }
        let length = rest.prefix(width).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(width)
        guard length <= 64, rest.count >= Int(length) else { throw Self.refusal("has a damaged base_score") }
        let value = rest.prefix(Int(length))
        if value.first == UInt8(ascii: "[") {
            throw Self.refusal(
                "was written by XGBoost 3.1 or later in a form that libxgboost \(XGBoostLibrary.version) reads wrongly;"
                    + " save it as JSON (booster.json), which can be repaired")
        }
        try Self.checkNumber(value)
    }

    private static func checkNumber(_ text: ArraySlice<UInt8>) throws {
        guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else {
            throw Self.refusal("has a base_score that is not one number")
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private static func refusal(_ what: String) -> ChurnError {
        ChurnError(.modelRefused, .fatal, during: "load a model", advice: "the booster \(what)")
    }
}
