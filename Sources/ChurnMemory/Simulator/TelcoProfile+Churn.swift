import ChurnCore
import Foundation

extension TelcoProfile {
    /// The log-odds of leaving: what a model has to find out.
    ///
    /// A logistic process in the features. Leaving is easy without a contract, tempting on expensive fiber, most likely in
    /// the first months, and rarer for those with support, security and a family. One pair of features acts together
    /// (new customers on fiber without a contract), so that trees have something that a straight line has not. The
    /// caller adds noise for all that the features do not say. The constant is set for a base rate of about 26 %.
    var churnLogOdds: Double {
        var odds = -1.36
        switch self.contract {
        case .monthly: odds += 0.75
        case .oneYear: odds -= 0.45
        case .twoYears: odds -= 1.5
        }
        switch self.internet {
        case .fiber: odds += 0.8
        case .dsl: break
        case .none: odds -= 0.9
        }
        odds -= 0.019 * Double(self.tenure)
        odds += self.tenure <= 3 ? 0.7 : self.tenure <= 12 ? 0.3 : 0
        odds += self.payment == Self.electronicCheck ? 0.4 : 0
        odds += self.isPaperless ? 0.3 : 0
        odds -= self.hasSecurity ? 0.45 : 0
        odds -= self.hasSupport ? 0.45 : 0
        odds += self.isSenior ? 0.25 : 0
        odds -= self.hasDependents ? 0.2 : 0
        odds += 0.006 * (self.monthlyCharges - 65)
        if self.internet == .fiber, self.contract == .monthly, self.tenure <= 12 { odds += 0.4 }
        return odds
    }

    /// Draws whether the customer leaves.
    func hasChurned(using random: inout SeededRandom) -> Bool {
        let odds = self.churnLogOdds + 0.6 * random.bell()
        return random.chance(1 / (1 + exp(-odds)))
    }
}
