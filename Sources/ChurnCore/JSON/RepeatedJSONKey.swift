#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds objects in which a key stands twice: what they mean depends on who reads them (RFC 8259, section 4).
package enum RepeatedJSONKey {
    /// Returns the first key that an object of a JSON text, at any depth, has twice; nil where none does.
    ///
    /// Of what is no JSON it finds some or none.
    package static func first(in text: some Collection<UInt8>) -> String? {
        let bytes = Array(text)
        // The names of each object that is open; nil for an array.
        var open: [Set<String>?] = []
        var isNameNext = false
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"):
                open.append([])
                isNameNext = true
            case UInt8(ascii: "["):
                open.append(nil)
                isNameNext = false
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                _ = open.popLast()
                isNameNext = false
            case UInt8(ascii: ","): isNameNext = open.last.flatMap(\.self) != nil
            case UInt8(ascii: "\""):
                let end = Self.end(ofTextAt: index, in: bytes)
                if isNameNext, let name = Self.text(bytes[index..<end]), !open.isEmpty {
                    guard open[open.count - 1]?.insert(name).inserted != false else { return name }
                }
                isNameNext = false
                index = end - 1
            default: break
            }
            index += 1
        }
        return nil
    }

    /// Returns the index after the text whose first quote stands at an index.
    private static func end(ofTextAt start: Int, in bytes: [UInt8]) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.count)
    }

    /// Returns the text within quotes; nil where it is none.
    private static func text(_ quoted: ArraySlice<UInt8>) -> String? {
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        return try? JSONDecoder().decode(String.self, from: Data(quoted))
    }
}
