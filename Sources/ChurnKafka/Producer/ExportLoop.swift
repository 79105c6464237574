import ChurnCore
import Logging

/// Repeats rounds of an export for ever: at once while there is more, after a while when there is not, and with growing
/// pauses while something fails.
struct ExportLoop: Sendable {
    let interval: Duration
    let name: String
    let health: HealthBoard
    let logger: Logger
    /// Wakes an idle loop early; nil where nothing does.
    var wake: Wakeup?

    /// Runs until the task is cancelled or an error is `fatal`.
    ///
    /// - Parameter round: exports what is there, and says whether there was anything.
    func run(_ round: () async throws -> Bool) async throws {
        var failures = 0
        while !Task.isCancelled {
            do {
                let hadWork = try await round()
                failures = 0
                self.health.report(self.name, .healthy)
                if !hadWork { try await self.pause() }
            } catch is CancellationError {
                return
            } catch  where error.failureDisposition == .fatal {
                throw error
            } catch {
                failures += 1
                self.logger.debug(
                    "an export failed and is tried again",
                    metadata: ["churn.export": "\(self.name)", "churn.error": "\(error)"])
                self.health.report(
                    self.name,
                    .failing(
                        reason: "\(error)", advice: (error as? ChurnError)?.advice ?? "look at the log at level debug"))
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
