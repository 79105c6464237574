import ChurnCore
import ChurnInsight
import Testing

@Suite("Alert policy")
struct AlertPolicyTests {
    private func decisions(
        _ policy: AlertPolicy, _ scores: [(Double, Int64)]
    ) -> (alerts: [Bool], became: [Bool]) {
        var state = AlertState()
        let decisions = scores.map { score, second in
            policy.decide(score, &state, at: Timestamp(microseconds: second * 1_000_000))
        }
        return (decisions.map(\.isAlert), decisions.map(\.becameAtRisk))
    }

    @Test("by default every score above the threshold is an alert, and the first of a run is marked")
    func contract() {
        let (alerts, became) = self.decisions(
            AlertPolicy(), [(0.7, 0), (0.71, 1), (0.9, 2), (0.5, 3), (0.8, 4)])
        #expect(alerts == [false, true, true, false, true])
        #expect(became == [false, true, false, false, true])
    }

    @Test("who has left raises no alert and starts no cool-down, and is remembered as at risk by the score")
    func leaver() {
        let policy = AlertPolicy(threshold: 0.7, enter: 0.8, exit: 0.6, coolDown: .seconds(60))
        var state = AlertState()
        let time = Timestamp(microseconds: 0)
        let none = AlertDecision(isAlert: false, becameAtRisk: false)
        #expect(policy.decide(0.9, &state, at: time, hasLeft: true) == none)
        #expect(state == AlertState(isAtRisk: true, lastAlert: nil))
        let next = policy.decide(0.9, &state, at: time.advanced(by: .seconds(1)))
        #expect(next == AlertDecision(isAlert: true, becameAtRisk: false))
        #expect(policy.decide(0.5, &state, at: time.advanced(by: .seconds(2)), hasLeft: true) == none)
        #expect(!state.isAtRisk)
    }

    @Test("with enter and exit a customer is at risk from the one to the other")
    func hysteresis() {
        let (alerts, became) = self.decisions(
            AlertPolicy(threshold: 0.7, enter: 0.8, exit: 0.6),
            [(0.75, 0), (0.81, 1), (0.75, 2), (0.65, 3), (0.72, 4), (0.6, 5), (0.75, 6)])
        #expect(alerts == [false, true, true, false, true, false, false])
        #expect(became == [false, true, false, false, false, false, false])
    }

    @Test("with a cool-down a customer alerts once in that time, by the records' time")
    func coolDown() {
        let (alerts, _) = self.decisions(
            AlertPolicy(coolDown: .seconds(10)), [(0.9, 0), (0.9, 9), (0.9, 10), (0.9, 19), (0.9, 20)])
        #expect(alerts == [true, false, true, false, true])
    }

    @Test(
        "a last alert that lies far ahead, by a wrong clock, holds no alert back",
        arguments: [Int64.max, 253_402_300_799_000_000, 11_000_000, -11_000_000, Int64.min])
    func wrongClock(last: Int64) {
        var state = AlertState(isAtRisk: true, lastAlert: Timestamp(microseconds: last))
        let decision = AlertPolicy(coolDown: .seconds(10)).decide(0.9, &state, at: Timestamp(microseconds: 0))
        #expect(decision.isAlert)
        #expect(state.lastAlert == Timestamp(microseconds: 0))
    }

    @Test("an alert whose clock is somewhat ahead of the last one's counts for the cool-down all the same")
    func earlier() {
        let (alerts, _) = self.decisions(AlertPolicy(coolDown: .seconds(10)), [(0.9, 100), (0.9, 95), (0.9, 89)])
        #expect(alerts == [true, false, true])
    }

    @Test(
        "the bands are the contract's, at their bounds too",
        arguments: [
            (0.4, RiskBand.low), (0.4000001, .medium), (0.7, .medium), (0.7000001, .high), (0.8499999, .high),
            (0.85, .critical), (1, .critical), (0, .low),
        ])
    func bands(probability: Double, band: RiskBand) {
        #expect(RiskBands().band(of: probability) == band)
    }
}
