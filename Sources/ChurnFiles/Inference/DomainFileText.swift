import ChurnCore

/// Writes YAML scalars of domain files.
enum DomainFileText {
    /// Words that YAML reads as something else than text, in lower case.
    private static let special: Set<String> = ["yes", "no", "true", "false", "null", "on", "off", "y", "n", "t", "f"]

    /// Returns whether a text can stand in a domain file at all.
    static func canWrite(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// A text as a scalar, in double quotes where it needs them.
    static func scalar(_ text: String) -> String {
        let letters = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                || [0x20, 0x5F, 0x2D, 0x28, 0x29, 0x2E].contains(byte)
        }
        if letters, let first = text.utf8.first, let last = text.utf8.last, (0x61...0x7A).contains(first | 0x20),
            last != 0x20, !Self.special.contains(text.lowercased())
        {
            return text
        }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.isASCII || Self.isPlain(scalar): quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return quoted + "\""
    }

    /// A text that can stand in a comment.
    static func comment(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { Self.isPlain($0) || $0.isASCII && $0.value >= 32 ? $0 : " " }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
