import ChurnCore
public import ChurnInsight

/// The contract of every log of runs that score everyone again.
public enum RescoreLogContract {
    /// One promise.
    public typealias Check = ContractCheck<StoreUnderTest<any RescoreLog>>

    /// The promises.
    public static let checks: [Check] = [
        Check("a run is asked for once, is one process's at a time, and goes on where it stood") { subject, findings in
            let log = subject.store
            findings.expect(try await log.newestRescore() == nil, "there is a run")
            findings.expect(try await log.claimRescore(at: Self.time(0), lease: Self.lease) == nil, "there is work")
            let run = try await log.requestRescore(of: "m", by: "a", at: Self.time(0), audit: nil)
            let same = try await log.requestRescore(of: "m", by: "b", at: Self.time(1), audit: nil)
            findings.expectEqual(same, run, "the run that was asked for again")
            var mine = try findings.require(
                try await log.claimRescore(at: Self.time(2), lease: Self.lease), "the claimed run")
            findings.expectEqual(mine, run, "the claimed run")
            let other = try await log.claimRescore(at: Self.time(3), lease: Self.lease)
            findings.expect(other == nil, "two processes have it")
            (mine.done, mine.lastID) = (10, "C9")
            findings.expect(
                try await log.recordRescore(mine, at: Self.time(50), lease: Self.lease), "it is not under way")
            findings.expect(
                try await log.claimRescore(at: Self.time(70), lease: Self.lease) == nil, "the lease was not renewed")
            let taken = try await log.claimRescore(at: Self.time(110), lease: Self.lease)
            findings.expectEqual(taken, mine, "the run after its process died")
            mine.ended = Self.time(120)
            findings.expect(
                try await log.recordRescore(mine, at: Self.time(120), lease: .zero), "it did not end")
            findings.expect(
                try await !log.recordRescore(mine, at: Self.time(121), lease: .zero), "it ended twice")
            findings.expectEqual(try await log.newestRescore(), mine, "the newest run")
            findings.expect(try await log.claimRescore(at: Self.time(300), lease: Self.lease) == nil, "it goes on")
        },
        Check("a run of another model takes the place of the one under way") { subject, findings in
            let log = subject.store
            var first = try await log.requestRescore(of: "m", by: "a", at: Self.time(0), audit: nil)
            let second = try await log.requestRescore(of: "n", by: "a", at: Self.time(5), audit: nil)
            findings.expect(second.id > first.id, "the number does not rise")
            first.done = 3
            findings.expect(
                try await !log.recordRescore(first, at: Self.time(6), lease: Self.lease), "the first goes on")
            findings.expectEqual(
                try await log.claimRescore(at: Self.time(7), lease: Self.lease), second, "the claimed run")
        },
    ]

    private static let lease = Duration.seconds(60)
    private static func time(_ seconds: Int64) -> Timestamp { StoreSamples.time.advanced(by: .seconds(seconds)) }
}
