import ChurnCore
import Logging

/// Repeats rounds of an export while this process is the one that exports: at once while there is more, after a while
/// when there is not, and with growing pauses while something fails.
struct ExportLoop: Sendable {
    let interval: Duration
    let name: String
    let health: HealthBoard
    let logger: Logger
    let lease: ExportLease
    /// Wakes an idle loop early; nil where nothing does.
    var wake: Wakeup?
    /// The wait of a process while another one exports.
    private static let standby = Duration.seconds(1)

    /// Runs until the task is cancelled or an error is `fatal`.
    ///
    /// - Parameter round: exports what is there, and returns whether there was anything. `begins` says that another
    ///   process may have exported since the last round.
    func run(_ round: (_ begins: Bool) async throws -> Bool) async throws {
        do {
            try await self.repeat(round)
        } catch {
            await self.release()
            throw error
        }
        await self.release()
    }

    /// Gives the lease up, also in a task that is cancelled: another process goes on at once.
    private func release() async { await Task { try? await self.lease.release() }.value }

    private func `repeat`(_ round: (_ begins: Bool) async throws -> Bool) async throws {
        self.health.report(self.name, .healthy)
        var failures = 0
        // When the lease was asked for that this process has.
        var claimed: ContinuousClock.Instant?
        while !Task.isCancelled {
            do {
                let now = ContinuousClock.now
                let age = claimed.map { now - $0 } ?? self.lease.duration
                if age >= self.lease.duration / 3 {
                    claimed = nil
                    guard try await self.lease.claim(self.lease.duration) else {
                        self.health.report(self.name, .healthy)
                        try await Task.sleep(for: min(Self.standby, self.lease.duration / 3))
                        continue
                    }
                    claimed = now
                }
                let hadWork = try await round(age >= self.lease.duration)
                failures = 0
                self.health.report(self.name, .healthy)
                if !hadWork { try await self.pause() }
            } catch is CancellationError {
                return
            } catch  where !error.isOutage && error.failureDisposition == .fatal {
                throw error
            } catch {
                failures += 1
                self.logger.debug(
                    "an export failed and is tried again",
                    metadata: ["churn.export": "\(self.name)", "churn.error": "\(error)"])
                // What is not copied now is copied later: scoring and serving go on.
                self.health.report(
                    self.name,
                    .degraded(
                        reason: (error as? ChurnError)?.description ?? "an export failed",
                        advice: (error as? ChurnError)?.advice ?? "look at the log at level debug"),
                    code: (error as? ChurnError)?.code)
                let pause = Duration.milliseconds(min(100 << min(failures, 7), 10_000))
                guard (try? await Task.sleep(for: pause)) != nil else { return }
            }
        }
    }

    private func pause() async throws {
        guard let wake else { return try await Task.sleep(for: self.interval) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await wake.wait() }
            group.addTask { try? await Task.sleep(for: self.interval) }
            await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }
}
