import ChurnCore

/// A phone company's customers as a CSV file, made by a seed: without ids, with blanks in names and `True.` as a label.
public struct PhoneFile: Sendable {
    /// The columns.
    public static let header = [
        "State", "Account length", "Area code", "Phone number", "Intl plan", "VMail Plan", "VMail Message", "Day Mins",
        "Day Calls", "Day Charge", "Eve Mins", "Eve Calls", "Eve Charge", "Night Mins", "Night Calls", "Night Charge",
        "Intl Mins", "Intl Calls", "Intl Charge", "CustServ Calls", "Churn?",
    ]
    private static let states = [
        "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY",
    ]

    /// The file's text.
    public let text: String
    /// The number of customers.
    public let customers: Int

    /// Makes a file of this many customers.
    ///
    /// - `delimiter`: what separates the fields.
    /// - `lineEnd`: what ends a line.
    public init(customers: Int, seed: UInt64, delimiter: String = ",", lineEnd: String = "\r\n") {
        var random = SeededRandom(seed: seed, stream: 2)
        var text = "\u{FEFF}" + Self.header.joined(separator: delimiter) + lineEnd
        for number in 0..<max(customers, 1) {
            text += Self.fields(number, &random).joined(separator: delimiter) + lineEnd
        }
        self.text = text
        self.customers = max(customers, 1)
    }

    private static func fields(_ number: Int, _ random: inout SeededRandom) -> [String] {
        func minutes(_ mean: Double, _ random: inout SeededRandom) -> Double { mean * (0.3 + 1.4 * random.uniform()) }
        let state = Self.states[random.index(below: Self.states.count)]
        let isInternational = random.chance(0.1)
        let hasVoiceMail = random.chance(0.28)
        let day = minutes(180, &random)
        let calls = random.index(below: 7)
        var risk = 0.05 + (isInternational ? 0.3 : 0) + (calls > 3 ? 0.4 : 0) + (day > 250 ? 0.35 : 0)
        risk -= hasVoiceMail ? 0.04 : 0
        var fields = [state, "\(1 + random.index(below: 240))", ["408", "415", "510"][random.index(below: 3)]]
        fields += ["\(330 + number / 10_000)-\(1_000 + number % 9_000)", isInternational ? "yes" : "no"]
        fields += [hasVoiceMail ? "yes" : "no", hasVoiceMail ? "\(10 + random.index(below: 40))" : "0"]
        for (mean, price) in [(day, 0.17), (minutes(200, &random), 0.085), (minutes(200, &random), 0.045)] {
            fields += [BankFile.cents(mean), "\(60 + random.index(below: 90))", BankFile.cents(mean * price)]
        }
        let abroad = minutes(10, &random)
        fields += [BankFile.cents(abroad), "\(1 + random.index(below: 12))", BankFile.cents(abroad * 0.27), "\(calls)"]
        return fields + [random.chance(min(max(risk, 0.01), 0.95)) ? " True." : " False."]
    }
}
