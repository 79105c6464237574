import Foundation

/// An encoding of a file's letters that a person can name.
package enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    /// Central European.
    case windows1250 = "windows-1250"
    /// Cyrillic.
    case windows1251 = "windows-1251"
    /// Western European; Latin-1 is a part of it.
    case windows1252 = "windows-1252"
    /// Simplified Chinese.
    case gbk
    /// Japanese.
    case shiftJIS = "shift-jis"

    /// The names, for messages.
    static let names = Self.allCases.map(\.rawValue).joined(separator: ", ")

    /// The name that the C library knows it by.
    fileprivate var systemName: String {
        switch self {
        case .gbk: "GB18030"
        case .shiftJIS: "CP932"
        case .windows1250: "CP1250"
        case .windows1251: "CP1251"
        case .windows1252: "CP1252"
        case .utf8, .utf16: self.rawValue.uppercased()
        }
    }
}

/// Turns a file's bytes into UTF-8 chunk by chunk, by the C library's tables.
final class TextDecoder {
    private let handle: iconv_t
    /// The beginning of a letter that the next chunk ends.
    private var rest: [UInt8] = []

    /// Creates a decoder; nil where the system lacks the encoding's table.
    init?(_ encoding: TextEncoding) {
        guard let handle = iconv_open("UTF-8", encoding.systemName), handle != iconv_t(bitPattern: -1) else {
            return nil
        }
        self.handle = handle
    }

    deinit { iconv_close(self.handle) }

    /// Whether the bytes so far end in the middle of a letter.
    var isOpen: Bool { !self.rest.isEmpty }

    /// A chunk in UTF-8; nil where it is not of the encoding.
    func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var input = (self.rest + bytes).map { CChar(bitPattern: $0) }
        // No encoding here needs more than three bytes of UTF-8 for one of its own.
        var output = [CChar](repeating: 0, count: input.count * 3 + 16)
        var (left, room) = (input.count, output.count)
        let isGood = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, to) = (input.baseAddress, output.baseAddress)
                // EINVAL: the chunk ends within a letter.
                return iconv(self.handle, &from, &left, &to, &room) != -1 || errno == EINVAL
            }
        }
        guard isGood else { return nil }
        self.rest = input.suffix(left).map { UInt8(bitPattern: $0) }
        return output.prefix(output.count - room).map { UInt8(bitPattern: $0) }
    }
}
