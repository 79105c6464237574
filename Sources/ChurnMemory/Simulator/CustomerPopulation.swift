public import ChurnCore

/// A simulated customer base of the Telco domain, as many customers as wanted, with their outcomes.
///
/// The same seed gives the same customers, one by one: customer 5 does not depend on how many there are. No one in it
/// is real. `TelcoProfile` says how the features hang together and what makes a customer leave.
public struct CustomerPopulation: Sendable {
    private static let names = [
        "gender", "SeniorCitizen", "Partner", "Dependents", "tenure", "PhoneService", "MultipleLines",
        "InternetService", "OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV",
        "StreamingMovies", "Contract", "PaperlessBilling", "PaymentMethod", "MonthlyCharges", "TotalCharges",
    ]
    private static let numeric: Set<String> = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]

    private let seed: UInt64
    private let indices: [Int]

    /// Creates a population.
    ///
    /// - `domain`: the Telco domain, or one with the same features (in any order, with other events).
    /// - Throws: where the domain's features are not Telco's.
    public init(domain: Domain, seed: UInt64) throws {
        self.seed = seed
        self.indices = Self.names.compactMap { name in
            guard let index = domain.schema.index(of: name) else { return nil }
            let type = domain.schema.features[index].type
            return type == (Self.numeric.contains(name) ? .numeric : .categorical) ? index : nil
        }
        guard self.indices.count == Self.names.count, domain.schema.count == Self.names.count else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "simulate customers",
                advice: "only customers of the Telco domain can be simulated, not of \(domain.name); import a file")
        }
    }

    /// The first `count` customers.
    public func customers(_ count: Int) -> [LabelledCustomer] { self.customers(in: 0..<count) }

    /// The customers of these numbers, counted from 0.
    public func customers(in numbers: Range<Int>) -> [LabelledCustomer] { numbers.map { self.customer(at: $0) } }

    /// The customer of this number, counted from 0.
    public func customer(at number: Int) -> LabelledCustomer {
        var random = SeededRandom(seed: self.seed, stream: UInt64(truncatingIfNeeded: number))
        let profile = TelcoProfile(using: &random)
        let hasChurned = profile.hasChurned(using: &random)
        var features = Array(repeating: FeatureValue.missing, count: self.indices.count)
        for (index, value) in zip(self.indices, profile.features) { features[index] = value }
        return LabelledCustomer(
            customer: CustomerState(id: Self.id(number, seed: self.seed), features: features), hasChurned: hasChurned)
    }

    /// Four digits and five letters, like the ids of the public Telco file; another one for each number.
    private static func id(_ number: Int, seed: UInt64) -> String {
        let letters: UInt64 = 26 * 26 * 26 * 26 * 26
        let size = 10_000 * letters
        var start = SeededRandom(seed: seed)
        // The step has no factor in common with the size, so no id comes twice before all have come.
        let step: UInt64 = 72_987_654_323
        let place = UInt64(truncatingIfNeeded: number) % size
        var rest = (place.multipliedModulo(step, size) + start.next() % size) % size
        var digits = String(rest % 10_000)
        digits = String(repeating: "0", count: 4 - digits.count) + digits
        rest /= 10_000
        var text = digits + "-"
        for _ in 0..<5 {
            text.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "A") + UInt8(rest % 26)))
            rest /= 26
        }
        return text
    }
}

extension UInt64 {
    fileprivate func multipliedModulo(_ other: UInt64, _ modulus: UInt64) -> UInt64 {
        modulus.dividingFullWidth(self.multipliedFullWidth(by: other)).remainder
    }
}

extension TelcoProfile {
    /// The features in the order of the public Telco file.
    fileprivate var features: [FeatureValue] {
        func yes(_ claim: Bool) -> FeatureValue { .text(claim ? "Yes" : "No") }
        let lines = self.hasPhone ? yes(self.hasMultipleLines) : .text("No phone service")
        let addOns = self.addOns.map { self.internet == .none ? .text("No internet service") : yes($0) }
        let internet = self.internet == .none ? "No" : self.internet == .dsl ? "DSL" : "Fiber optic"
        let contract =
            self.contract == .monthly ? "Month-to-month" : self.contract == .oneYear ? "One year" : "Two year"
        return [
            .text(self.isMale ? "Male" : "Female"), .number(self.isSenior ? 1 : 0), yes(self.hasPartner),
            yes(self.hasDependents), .number(Double(self.tenure)), yes(self.hasPhone), lines, .text(internet),
        ] + addOns + [
            .text(contract), yes(self.isPaperless), .text(self.payment), .number(self.monthlyCharges),
            self.totalCharges.map { .number($0) } ?? .missing,
        ]
    }
}
