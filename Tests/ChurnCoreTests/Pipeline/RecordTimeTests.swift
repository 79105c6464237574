import Testing

@testable import ChurnCore

@Suite("A record's time")
struct RecordTimeTests {
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    @Test(
        "is believed up to an hour ahead, and is the present beyond that",
        arguments: [(-1_000_000, true), (0, true), (400, true), (3_600, true), (3_601, false), (315_360_000, false)])
    func believed(seconds: Int64, isBelieved: Bool) {
        let time = Self.now.advanced(by: .seconds(seconds))
        #expect(time.believed(at: Self.now) == (isBelieved ? time : Self.now))
        #expect(Timestamp(microseconds: .max).believed(at: Self.now) == Self.now)
    }
}
