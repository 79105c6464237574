import ChurnCore
import ChurnTesting
import Testing

/// A customer base that is not Telco, for which nothing was written by hand.
struct OtherBusiness: Sendable, CustomTestStringConvertible {
    var name: String
    var csv: [UInt8]
    var id: String?
    var label: String
    /// The number of customers that `import` loads.
    var imported: Int
    /// The number of rows that `train` learns from.
    var labelled: Int
    /// A column of the API and of `users`.
    var column: String
    var segment: String

    var testDescription: String { self.name }

    /// The file that a spreadsheet program saves of two joined tables: Windows-1252, semicolons, decimal commas, a
    /// repeated column, a label of three values, empty columns and rows at the end.
    private static func sheet(customers: Int) -> [UInt8] {
        var random = SeededRandom(seed: 9)
        var text = "sep=;\r\nKunden Nr;Tarif;Bonität;Monatsbeitrag (€);Kunden Nr;Status;;\r\n"
        for number in 0..<customers {
            let tariff = ["Größe S", "Größe L", "Flex"][random.index(below: 3)]
            let score = 300 + random.index(below: 500)
            let hasLeft = random.chance(tariff == "Flex" ? 0.5 : 0.05 + Double(score) / 3_000)
            let status = hasLeft ? "Churned" : number % 9 == 0 ? "Joined" : "Stayed"
            text += "\(number + 70_000);\(tariff);\(score);\(20 + number % 60),\(10 + number % 90) €;"
            text += "\(number + 70_000).0;\(status);;\r\n"
        }
        text += ";;;;;;;\r\n\r\n"
        return text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8(truncatingIfNeeded: $0.value) }
    }

    static let all: [OtherBusiness] = {
        let bank = BankFile(customers: 1_200, seed: 5)
        let phone = PhoneFile(customers: 1_000, seed: 5, delimiter: ";")
        return [
            OtherBusiness(
                name: "bank", csv: Array(bank.text.utf8), id: "CustomerId", label: "Exited", imported: bank.customers,
                labelled: bank.customers - Set(bank.shortLines).count, column: "creditscore", segment: "geography"),
            OtherBusiness(
                name: "phone", csv: Array(phone.text.utf8), id: nil, label: "Churn?", imported: phone.customers,
                labelled: phone.customers, column: "custserv_calls", segment: "intl_plan"),
            OtherBusiness(
                name: "sheet", csv: Self.sheet(customers: 900), id: "Kunden Nr", label: "Status", imported: 900,
                labelled: 900, column: "bonitat", segment: "tarif"),
        ]
    }()
}
