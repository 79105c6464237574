import ChurnCore

/// A bank's customers as a CSV file, made by a seed: with repeated rows, values that are missing and rows that end early.
public struct BankFile: Sendable {
    /// The columns.
    public static let header =
        "RowNumber,CustomerId,Surname,CreditScore,Geography,Gender,Age,Tenure,Balance,NumOfProducts,HasCrCard,"
        + "IsActiveMember,EstimatedSalary,Exited"
    private static let names = [
        "Hill", "Onio", "Boni", "Chu", "Bartlett", "Obinna", "H?", "O'Neil", "Müller", "De \"B\" Vries",
    ]

    /// The file's text.
    public let text: String
    /// The number of customers; fewer than rows.
    public let customers: Int
    /// The lines that repeat an earlier row.
    public let repeatedLines: [Int]
    /// The lines that end early, without a label.
    public let shortLines: [Int]

    /// Makes a file of this many customers.
    public init(customers: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 1)
        var lines = [Self.header]
        var repeated: [Int] = []
        var short: [Int] = []
        for number in 1...max(customers, 1) {
            var fields = Self.fields(number, &random)
            if random.chance(0.01) { fields[4] = "" }
            if random.chance(0.01) { fields[6] = random.chance(0.5) ? "NaN" : " " }
            if random.chance(0.01) { fields[10] = "" }
            if random.chance(0.004) {
                fields.removeLast(1 + random.index(below: 5))
                short.append(lines.count + 1)
            }
            lines.append(fields.map(Self.quoted).joined(separator: ","))
            if random.chance(0.003) {
                repeated.append(lines.count + 1)
                lines.append(lines[lines.count - 1])
            }
        }
        self.text = lines.joined(separator: "\n") + "\n"
        self.customers = max(customers, 1)
        // A row that ends early twice is short twice.
        self.repeatedLines = repeated.filter { !short.contains($0 - 1) }
        self.shortLines = (short + repeated.filter { short.contains($0 - 1) }).sorted()
    }

    private static func fields(_ number: Int, _ random: inout SeededRandom) -> [String] {
        let country = ["France", "Germany", "Spain"][random.index(below: 3)]
        let age = 18 + random.index(below: 60)
        let isActive = random.chance(0.5)
        let products = 1 + random.index(below: 4)
        let balance = random.chance(0.35) ? 0 : 40_000 + random.uniform() * 160_000
        var risk = 0.08 + (country == "Germany" ? 0.15 : 0) + (isActive ? 0 : 0.15) + Double(max(0, age - 40)) * 0.012
        risk += products > 2 ? 0.3 : 0
        return [
            "\(number)", "\(15_565_701 + number * 37)",
            "\(Self.names[random.index(below: Self.names.count)])\(number % 611)",
            "\(350 + random.index(below: 500))", country, random.chance(0.5) ? "Male" : "Female", "\(age)",
            "\(random.index(below: 11))", Self.cents(balance), "\(products)", random.chance(0.7) ? "1" : "0",
            isActive ? "1" : "0", Self.cents(11 + random.uniform() * 199_980),
            random.chance(min(risk, 0.95)) ? "1" : "0",
        ]
    }

    static func cents(_ amount: Double) -> String {
        let cents = Int((amount * 100).rounded())
        return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    static func quoted(_ text: String) -> String {
        guard text.contains(where: { "\",\n".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
