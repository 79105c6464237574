/// Numbers as people read them, the same in every locale.
package enum PlainNumber {
    /// At most two decimals, none where they are 0.
    package static func text(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e13 else { return number.description }
        let hundredths = Int64((number * 100).rounded())
        if hundredths % 100 == 0 { return String(hundredths / 100) }
        let text = Self.decimals(hundredths)
        return text.hasSuffix("0") ? String(text.dropLast()) : text
    }

    /// Always two decimals.
    package static func hundredths(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e13 else { return number.description }
        return Self.decimals(Int64((number * 100).rounded()))
    }

    /// Two decimals and always a sign.
    package static func signed(_ number: Double) -> String {
        let text = Self.hundredths(number)
        return text.hasPrefix("-") ? text : "+" + text
    }

    private static func decimals(_ hundredths: Int64) -> String {
        let magnitude = hundredths.magnitude
        let fraction = magnitude % 100
        return (hundredths < 0 ? "-" : "") + String(magnitude / 100) + (fraction < 10 ? ".0" : ".") + String(fraction)
    }
}
