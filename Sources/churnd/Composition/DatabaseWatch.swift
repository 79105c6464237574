import ChurnCore
import ChurnStore
import ServiceLifecycle

/// Looks at the database now and then, for the components `database` and `clock` on the health board.
///
/// What needs the database reports what that means for it; here is said what is wrong with the database itself, also in
/// a process that asks it nothing at the moment.
struct DatabaseWatch: Service, CustomStringConvertible {
    /// Looks at the server.
    let look: @Sendable () async throws -> ServerCondition
    /// Whether this process cannot do without writing.
    let writes: Bool
    let health: HealthBoard
    var interval: Duration = .seconds(2)
    var now: @Sendable () -> Timestamp = Timestamp.systemNow

    /// By more than this the clocks of two machines that are kept by anything do not differ.
    static let longestSkew: Duration = .seconds(5)

    var description: String { "DatabaseWatch" }

    func run() async throws {
        self.health.report("database", .starting)
        await cancelWhenGracefulShutdown {
            repeat { await self.lookOnce() } while (try? await Task.sleep(for: self.interval)) != nil
        }
    }

    /// Looks once and reports.
    func lookOnce() async {
        let before = self.now()
        do {
            let condition = try await self.look()
            self.health.report("database", self.health(of: condition))
            self.health.report("clock", Self.clock(condition.time, between: before, and: self.now()))
        } catch is CancellationError {
            return
        } catch {
            let known = error as? ChurnError
            self.health.report(
                "database",
                .failing(
                    reason: known?.description ?? "the database cannot be asked",
                    advice: known?.advice ?? "check that it runs and can be reached"), code: known?.code)
        }
    }

    private func health(of condition: ServerCondition) -> ComponentHealth {
        guard condition.isReadOnly, self.writes else { return .healthy }
        return .failing(
            reason: "the database is read-only, as a standby is",
            advice: "name the primary, or make this server writable again; nothing is lost meanwhile")
    }

    /// The server's clock was read at some moment between two of this machine's.
    private static func clock(_ time: Timestamp, between before: Timestamp, and after: Timestamp) -> ComponentHealth {
        let longest = Int64(Self.longestSkew / .microseconds(1))
        let (ahead, behind) = (before.microseconds - time.microseconds, time.microseconds - after.microseconds)
        guard max(ahead, behind) > longest else { return .healthy }
        return .degraded(
            reason:
                "this machine's clock is \(max(ahead, behind) / 1_000_000) s \(ahead > behind ? "ahead of" : "behind")"
                + " the database's",
            advice: "have both set by NTP; ages, tokens and times that people see are wrong by that much")
    }
}
