import Testing

@testable import ChurnCore

@Suite("What of a batch's customers is stored")
struct CustomerFoldTests {
    private static let start = Timestamp(microseconds: 1_000_000_000)

    /// Folds one event with `probability`, `seconds` after the stored score of 0.5.
    private static func change(
        _ probability: Double, after seconds: Int64, changes: Bool = false, eventAfter: Int64? = nil
    ) throws -> StateChange {
        let stored = CustomerState(
            id: "a", features: [.number(1)], version: 3,
            latest: LatestScore(probability: 0.5, band: .medium, time: Self.start), lastEvent: Self.start)
        var fold = CustomerFold(customers: ["a": KnownCustomer(state: stored)])
        let found = fold.number(of: "a")
        let number = try #require(found)
        _ = fold.apply(to: number) { _ in changes }
        _ = fold.score(
            number, at: Self.start.advanced(by: .seconds(seconds)),
            eventTime: Self.start.advanced(by: .seconds(eventAfter ?? seconds)), features: [.number(1)],
            hasChanged: changes,
            probability: probability, band: .medium, model: ModelIdentity(version: "m"), alerts: AlertPolicy(),
            hasLeft: false)
        let change = try #require(fold.changes(resolution: .seconds(60)).first)
        #expect(change.state.latest?.time == Self.start.advanced(by: .seconds(seconds)))
        let known = fold.known(after: [change]).first?.state.latest?.time
        #expect(known == (change.isWritten ? change.state.latest?.time : Self.start))
        return change
    }

    @Test("nothing, where only the time of scoring moved, and by less than the resolution", arguments: [0, 59, -59])
    func unchanged(seconds: Int64) throws {
        let change = try Self.change(0.5, after: seconds)
        #expect(!change.isWritten)
        #expect(change.readVersion == 3 && change.state.version == 3)
    }

    @Test(
        "the latest of the events' own times, which an event that comes late does not set back", arguments: [-90, 61])
    func lastEvent(seconds: Int64) throws {
        let change = try Self.change(0.5, after: 0, eventAfter: seconds)
        #expect(change.state.lastEvent == Self.start.advanced(by: .seconds(max(0, seconds))))
        #expect(change.isWritten == (seconds > 0))
    }

    @Test(
        "the row, where it is older, or score or features differ",
        arguments: [(0.5, 60, false), (0.5, -60, false), (0.51, 0, false), (0.5, 0, true)])
    func changed(probability: Double, seconds: Int64, changes: Bool) throws {
        let change = try Self.change(probability, after: seconds, changes: changes)
        #expect(change.isWritten)
        #expect(change.featuresChanged == changes)
    }
}
