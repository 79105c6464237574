import ChurnCore

/// One customer of the simulated telephone and internet provider, drawn feature by feature so that the features hang
/// together as they do for a real one.
///
/// Customers either came lately, have been there from the start, or lie in between. Who stays long signs longer
/// contracts, takes more add-ons and pays automatically. Without internet every internet add-on is
/// "No internet service"; only DSL is sold without a telephone. The monthly charge is a price list with a little noise,
/// and the total is what was paid so far (missing before the first bill).
struct TelcoProfile {
    enum Internet { case none, dsl, fiber }
    enum Contract { case monthly, oneYear, twoYears }

    static let automaticPayments = ["Bank transfer (automatic)", "Credit card (automatic)"]
    static let electronicCheck = "Electronic check"

    var isMale: Bool
    var isSenior: Bool
    var hasPartner: Bool
    var hasDependents: Bool
    var tenure: Int
    var internet: Internet
    var hasPhone: Bool
    var hasMultipleLines: Bool
    /// Security, backup, device protection, tech support, streaming TV, streaming movies.
    var addOns: [Bool]
    var contract: Contract
    var isPaperless: Bool
    var payment: String
    var monthlyCharges: Double
    var totalCharges: Double?

    var hasSecurity: Bool { self.addOns[0] }
    var hasSupport: Bool { self.addOns[3] }

    init(using random: inout SeededRandom) {
        self.tenure = Self.tenure(using: &random)
        let loyalty = Double(self.tenure) / 72
        self.internet = random.pick([(.fiber, 0.44), (.dsl, 0.344), (.none, 0.216)]) ?? .none
        self.hasPhone = self.internet != .dsl || random.chance(0.72)
        self.hasMultipleLines =
            self.hasPhone && random.chance(0.17 + 0.45 * loyalty + (self.internet == .fiber ? 0.15 : 0))
        self.isMale = random.chance(0.505)
        self.isSenior = random.chance(self.internet == .fiber ? 0.25 : 0.095)
        self.hasPartner = random.chance(0.33 + 0.33 * loyalty)
        self.hasDependents = random.chance(self.hasPartner ? 0.50 : 0.11)
        let twoYears = 0.02 + 0.7 * loyalty * loyalty
        if random.chance(twoYears) {
            self.contract = .twoYears
        } else {
            self.contract = random.chance(0.05 + 0.5 * loyalty) ? .oneYear : .monthly
        }
        self.addOns = Self.addOns(self.internet, loyalty, using: &random)
        self.isPaperless = random.chance(self.internet == .none ? 0.29 : self.internet == .dsl ? 0.56 : 0.77)
        let check = 0.1 + (self.internet == .fiber ? 0.27 : 0.08) + (self.contract == .monthly ? 0.12 : 0)
        self.payment =
            random.pick([
                (Self.electronicCheck, check), ("Mailed check", self.internet == .none ? 0.4 : 0.14),
                (Self.automaticPayments[0], 0.1 + 0.22 * loyalty), (Self.automaticPayments[1], 0.1 + 0.22 * loyalty),
            ]) ?? Self.electronicCheck
        let list = Self.listPrice(self.internet, self.hasPhone, self.hasMultipleLines, self.addOns)
        self.monthlyCharges = Self.money(list + 0.7 * random.bell())
        let drift = self.tenure > 1 ? 0.03 * random.bell() : 0
        self.totalCharges =
            self.tenure == 0 ? nil : Self.money(Double(self.tenure) * self.monthlyCharges * (1 + drift))
    }

    private static func tenure(using random: inout SeededRandom) -> Int {
        if random.chance(0.0016) { return 0 }
        let spread = random.uniform()
        switch random.uniform() {
        case ..<0.20: return 1 + Int(12 * spread * spread)
        case ..<0.35: return 72 - Int(14 * spread * spread)
        default: return 1 + Int(71 * spread)
        }
    }

    private static func addOns(_ internet: Internet, _ loyalty: Double, using random: inout SeededRandom) -> [Bool] {
        guard internet != .none else { return Array(repeating: false, count: 6) }
        let care = (internet == .dsl ? 0.30 : 0.07) + 0.42 * loyalty
        let comfort = 0.22 + 0.47 * loyalty
        let streaming = (internet == .dsl ? 0.27 : 0.40) + 0.33 * loyalty
        return [care, comfort, comfort, care, streaming, streaming].map { random.chance($0) }
    }

    private static func listPrice(
        _ internet: Internet, _ hasPhone: Bool, _ hasMultipleLines: Bool, _ addOns: [Bool]
    ) -> Double {
        let access = internet == .none ? 0.0 : internet == .dsl ? 25 : 50
        let prices: [Double] = [5, 5, 5, 5, 10, 10]
        return access + (hasPhone ? 20 : 0) + (hasMultipleLines ? 5 : 0)
            + zip(addOns, prices).reduce(0) { $0 + ($1.0 ? $1.1 : 0) }
    }

    /// Prices are multiples of 0.05.
    private static func money(_ amount: Double) -> Double { (amount * 20).rounded() / 20 }
}
