import ChurnCore
import ChurnTesting
import Testing

/// A customer base that is not Telco, for which nothing was written by hand.
struct OtherBusiness: Sendable, CustomTestStringConvertible {
    var name: String
    var csv: String
    var id: String?
    var label: String
    /// How many customers `import` loads.
    var imported: Int
    /// How many rows `train` learns from.
    var labelled: Int
    /// A column of the API and of `users`.
    var column: String
    var segment: String

    var testDescription: String { self.name }

    static let all: [OtherBusiness] = {
        let bank = BankFile(customers: 1_200, seed: 5)
        let phone = PhoneFile(customers: 1_000, seed: 5, delimiter: ";")
        return [
            OtherBusiness(
                name: "bank", csv: bank.text, id: "CustomerId", label: "Exited", imported: bank.customers,
                labelled: bank.customers - Set(bank.shortLines).count, column: "creditscore", segment: "geography"),
            OtherBusiness(
                name: "phone", csv: phone.text, id: nil, label: "Churn?", imported: phone.customers,
                labelled: phone.customers, column: "custserv_calls", segment: "intl_plan"),
        ]
    }()
}
