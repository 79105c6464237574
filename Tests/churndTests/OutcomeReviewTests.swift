import ChurnCore
import Testing

@testable import churnd

@Suite("What a file of outcomes holds") struct OutcomeReviewTests {
    private static let now = Timestamp(microseconds: 1_767_225_600_000_000)

    private static func outcome(_ id: String, days: Int, _ hasChurned: Bool) -> CustomerOutcome {
        CustomerOutcome(
            customerID: id, time: Self.now.advanced(by: .seconds(-days * 86_400)), hasChurned: hasChurned)
    }

    @Test("outcomes that are too old, and a customer who both left and stayed, are remarked")
    func remarks() {
        var review = OutcomeReview(days: 30, at: Self.now)
        review.take([Self.outcome("a", days: 30, true), Self.outcome("b", days: 31, true)])
        // The same again is no contradiction, nor is one who came back later.
        review.take([
            Self.outcome("a", days: 30, true), Self.outcome("b", days: 31, false), Self.outcome("a", days: 1, false),
        ])
        #expect(review.total == 5)
        #expect(
            review.remarks == [
                "2 of 5 outcomes are older than 30 days and judge no model; raise outcomes.windowDays to have them count",
                "1 times a customer both left and stayed at the same date; the last line counts",
            ])
        var quiet = OutcomeReview(days: 30, at: Self.now)
        quiet.take([Self.outcome("a", days: 1, true)])
        #expect(quiet.remarks.isEmpty)
    }
}
