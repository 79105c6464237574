/// Finds an object of a JSON text that has a key twice, which decoders accept and read either way.
package enum RepeatedJSONKey {
    /// The first key that stands twice in one object, as it is written; nil where none does.
    ///
    /// The text must be JSON otherwise; of anything else it finds some or none.
    package static func first(in bytes: some Collection<UInt8>) -> String? {
        var seen: [Set<[UInt8]>] = []
        var text: [UInt8] = []
        var (isInText, isEscaped, wasText) = (false, false, false)
        for byte in bytes {
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    (isInText, wasText) = (false, true)
                    continue
                }
                text.append(byte)
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                (isInText, text) = (true, [])
            case UInt8(ascii: "{"), UInt8(ascii: "["): seen.append([])
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = seen.popLast()
            case UInt8(ascii: ":") where wasText && !seen.isEmpty:
                guard seen[seen.count - 1].insert(text).inserted else { return String(decoding: text, as: UTF8.self) }
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): continue
            default: break
            }
            wasText = false
        }
        return nil
    }
}
