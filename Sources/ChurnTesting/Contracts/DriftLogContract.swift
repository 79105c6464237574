import ChurnCore
public import ChurnInsight

/// The contract of every log of drift.
public enum DriftLogContract {
    /// One promise.
    public typealias Check = ContractCheck<StoreUnderTest<any DriftLog>>

    /// The promises.
    public static let checks: [Check] = [
        Check("a shift begins once, whoever finds it, and is over once") { subject, findings in
            let log = subject.store
            let first = try await log.beginDrift(of: "m", columns: ["tenure"], window: .hour, at: Self.time(0))
            let same = try await log.beginDrift(of: "m", columns: ["tenure"], window: .day, at: Self.time(60))
            let soon = try await log.beginDrift(of: "m", columns: ["score"], window: .day, at: Self.time(120))
            let other = try await log.beginDrift(of: "n", columns: ["tenure"], window: .day, at: Self.time(120))
            guard let first, let other else { return findings.expect(false, "an episode did not begin") }
            findings.expect(same == nil, "the same columns began twice")
            findings.expect(soon == nil, "a second episode began within a day")
            let later = try await log.beginDrift(of: "m", columns: ["score"], window: .day, at: Self.time(86_400))
            findings.expectEqual(later?.columns, ["score"], "the columns that moved a day later")
            var isEnded = try await log.endDrift(first.id, at: Self.time(90_000))
            findings.expect(isEnded, "the episode did not end")
            isEnded = try await log.endDrift(first.id, at: Self.time(90_001))
            findings.expect(!isEnded, "the episode ended twice")
            let recent = try await log.driftEpisodes(since: Self.time(90_000))
            var over = first
            over.ended = Self.time(90_000)
            findings.expectEqual(recent, [over, other] + (later.map { [$0] } ?? []), "the recent episodes")
            let lasting = try await log.driftEpisodes(since: Self.time(90_001))
            findings.expectEqual(lasting.map(\.id), [other.id] + (later.map { [$0.id] } ?? []), "those that last")
            let again = try await log.beginDrift(of: "m", columns: ["tenure"], window: .hour, at: Self.time(200_000))
            findings.expect(again != nil, "what is over does not begin again")
        }
    ]

    private static func time(_ seconds: Int64) -> Timestamp { StoreSamples.time.advanced(by: .seconds(seconds)) }
}
