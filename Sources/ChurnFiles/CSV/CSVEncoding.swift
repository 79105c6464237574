import ChurnCore

/// The encoding of a CSV file: UTF-8, else what spreadsheet programs write.
///
/// UTF-16 is recognised by its byte order mark. A file without one is UTF-8; where the first bytes beyond ASCII are
/// not, it is read as Windows-1252, of which Latin-1 is a part. One answer for the whole file: a file that holds both
/// is refused.
enum CSVEncoding {
    /// The rest that a chunk of UTF-16 leaves for the next: half a unit or half a pair.
    struct UTF16Rest {
        private let isBigEndian: Bool
        private var byte: UInt8?
        private var high: UInt16?

        /// Looks for a byte order mark of UTF-16; nil where there is none.
        init?(_ bytes: some Sequence<UInt8>) {
            switch Array(bytes.prefix(2)) {
            case [0xFF, 0xFE]: self.isBigEndian = false
            case [0xFE, 0xFF]: self.isBigEndian = true
            default: return nil
            }
        }

        /// Whether the file ends in the middle of a letter.
        var isOpen: Bool { self.byte != nil || self.high != nil }

        /// A chunk in UTF-8; nil where it is no UTF-16.
        mutating func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
            var text: [UInt8] = []
            text.reserveCapacity(bytes.count)
            for byte in bytes {
                guard let first = self.byte else {
                    self.byte = byte
                    continue
                }
                self.byte = nil
                let unit = self.isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
                guard let scalar = self.scalar(unit) else {
                    if self.high == nil { return nil }
                    continue
                }
                text.append(contentsOf: String(scalar).utf8)
            }
            return text
        }

        /// The letter that ends with this unit; nil where it is the first half of one, or none.
        private mutating func scalar(_ unit: UInt16) -> Unicode.Scalar? {
            if let high = self.high {
                self.high = nil
                guard (0xDC00...0xDFFF).contains(unit) else { return nil }
                return Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + UInt32(unit) - 0xDC00)
            }
            if (0xD800...0xDBFF).contains(unit) {
                self.high = unit
                return nil
            }
            return Unicode.Scalar(unit)
        }
    }

    /// The letters of 0x80 to 0x9F in Windows-1252; 0 where there is none.
    private static let windows: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]

    /// Bytes of Windows-1252 in UTF-8; nil where one of them is no letter.
    static func utf8(windows bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var text = ""
        for byte in bytes {
            let unit = (0x80...0x9F).contains(byte) ? Self.windows[Int(byte) - 0x80] : UInt16(byte)
            guard unit != 0 || byte == 0, let scalar = Unicode.Scalar(unit) else { return nil }
            text.unicodeScalars.append(scalar)
        }
        return Array(text.utf8)
    }
}
