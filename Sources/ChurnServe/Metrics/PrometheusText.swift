/// The grammar of Prometheus' text format.
enum PrometheusText {
    /// A metric's name: dots and whatever else is not allowed become underscores.
    static func name(_ label: String) -> String { self.identifier(label, allowsColon: true) }

    /// A label's name.
    static func labelName(_ name: String) -> String { self.identifier(name, allowsColon: false) }

    /// A number as Prometheus reads it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    /// The lines before a metric's samples: what it says, and its kind.
    static func head(of name: String, kind: String) -> String {
        let help = MetricHelp.text(of: name).replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    /// Appends a sample.
    static func append(_ name: String, _ labels: [(String, String)], _ value: String, to text: inout String) {
        text += name
        if !labels.isEmpty {
            text += "{"
            text += labels.map { "\($0)=\"\(self.escaped($1))\"" }.joined(separator: ",")
            text += "}"
        }
        text += " \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    private static func identifier(_ text: String, allowsColon: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": name.unicodeScalars.append(scalar)
            case ":" where allowsColon: name.unicodeScalars.append(scalar)
            default: name += "_"
            }
        }
        let startsWithDigit = name.unicodeScalars.first.map { ("0"..."9").contains($0) } ?? true
        return startsWithDigit ? "_" + name : name
    }
}
