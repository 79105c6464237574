import ChurnCore

/// Finds aliases in YAML text, with which a few lines can stand for billions of nodes, before a parser expands them.
enum YamlAliases {
    /// The line of the first alias, from 1; nil where the text has none, or no anchor that an alias could name.
    ///
    /// Quotes are not understood here, but text that looks like an anchor and text that looks like an alias, each where
    /// a value begins, do not occur in one file of settings by chance.
    static func firstLine(in text: String) -> Int? {
        var line = 1
        var hasAnchor = false
        var alias: Int?
        var beforeNode = true
        var inComment = false
        var previous = UInt8(ascii: "\n")
        for byte in text.utf8 {
            defer { previous = byte }
            if byte == UInt8(ascii: "\n") {
                (line, beforeNode, inComment) = (line + 1, true, false)
                continue
            }
            if inComment { continue }
            switch byte {
            case UInt8(ascii: "#") where previous <= UInt8(ascii: " "): inComment = true
            case UInt8(ascii: "&") where beforeNode: hasAnchor = true
            case UInt8(ascii: "*") where beforeNode: alias = alias ?? line
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"): beforeNode = true
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: beforeNode = false
            }
        }
        return hasAnchor ? alias : nil
    }
}
