/// The time at which a client whose connection the server ends should come back.
///
/// Stands at the end of the close frame's reason, as `retryAfter=` and seconds. A draw for each client, so that not all
/// come at once.
enum RetryAdvice {
    /// The number of clients that may come back in a second after a stop.
    private static let returnsPerSecond = 200.0

    /// The seconds to wait; nil where coming back as before would lead to the same end.
    ///
    /// - Parameter sockets: how many connections there are, which all end when the server stops.
    static func seconds(
        after code: CloseCode, sockets: Int, using random: inout some RandomNumberGenerator
    ) -> Double? {
        let range: ClosedRange<Double>
        switch code {
        case .goingAway: range = 0.5...min(max(1, Double(sockets) / self.returnsPerSecond), 30)
        case .tooSlow, .gap: range = 0.5...5
        case .tryLater: range = 5...30
        case .tooMany: range = 30...60
        default: return nil
        }
        return (Double.random(in: range, using: &random) * 10).rounded() / 10
    }
}
