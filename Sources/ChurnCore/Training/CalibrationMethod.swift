/// The method that turns a booster's scores into calibrated probabilities.
public enum CalibrationMethod: String, Codable, Hashable, Sendable, CaseIterable {
    /// The booster's scores as they are.
    case none
    /// A straight line through the log-odds (Platt 1999): two numbers.
    case platt
    /// A curve through the log-odds that may bend differently at both ends (Kull et al. 2017): three numbers.
    case beta
    /// A rising broken line of as many pieces as the data ask for; needs a few thousand customers.
    case isotonic
    /// Half-way, in log-odds, between Platt's line and the isotonic one.
    case blend
}
