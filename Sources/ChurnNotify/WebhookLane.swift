import ChurnCore
import ChurnInsight
import Logging
import ServiceLifecycle

/// The deliveries of one webhook, this many at once as its configuration allows; a slow receiver delays no other's.
struct WebhookLane: Sendable {
    let webhook: Webhook
    let sender: WebhookSender
    let log: any DeliveryLog
    let configuration: WebhookConfiguration
    let metrics: WebhookMetrics
    let health: WebhookHealth
    let logger: Logger

    private enum Happening {
        /// An attempt ended.
        case attempted
        /// It is time to look again.
        case tick
        /// A graceful shutdown began, or the task was cancelled.
        case stop
    }

    /// The wait while the log fails.
    private static let storeBackoff = Backoff()

    func run(_ intake: WebhookIntake) async {
        var intake = intake
        await withTaskGroup(of: Happening.self) { group in
            var inFlight = 0
            var isTicking = false
            var failures = 0
            group.addTask {
                try? await gracefulShutdown()
                return .stop
            }
            var isStopping = false
            while !isStopping {
                var pause = self.configuration.pollInterval
                do {
                    if try await intake.takeUp() { pause = .zero }
                    let room = max(1, self.configuration.maximumInFlight) - inFlight
                    let claims =
                        room > 0
                        ? try await self.log.claimDeliveries(
                            of: self.webhook.name, limit: room, lease: self.configuration.lease) : []
                    for claim in claims {
                        inFlight += 1
                        group.addTask {
                            await self.attempt(claim)
                            return .attempted
                        }
                    }
                    failures = 0
                    self.health.logAnswered()
                } catch {
                    failures += 1
                    self.health.logFailed(error)
                    pause = Self.storeBackoff.delay(after: failures)
                    self.logger.debug("The delivery log failed and is asked again", metadata: self.metadata(error))
                }
                if !isTicking {
                    isTicking = true
                    let wait = pause
                    group.addTask {
                        try? await Task.sleep(for: wait)
                        return .tick
                    }
                }
                switch await group.next() {
                case .attempted: inFlight -= 1
                case .tick: isTicking = false
                case .stop, nil: isStopping = true
                }
            }
            while inFlight > 0, let happening = await group.next() {
                if case .attempted = happening { inFlight -= 1 }
            }
            group.cancelAll()
        }
    }

    private func attempt(_ claim: ClaimedDelivery) async {
        let result: DeliveryResult
        if claim.attempt > self.configuration.maximumAttempts {
            // The node that made the last attempt died before it could say what came of it.
            result = DeliveryResult(.failed, error: "attempts_exhausted")
        } else {
            guard let outcome = await self.sender.send(claim.content, to: self.webhook) else { return }
            result = self.configuration.result(of: outcome, attempt: claim.attempt)
            self.health.attempted(result)
        }
        do {
            guard try await self.log.finish(claim, with: result) else { return }
        } catch {
            // It is due again after the lease, and goes out with the same key.
            self.logger.debug("What came of a delivery was not written down", metadata: self.metadata(error))
            return
        }
        self.metrics.finished(result.next)
        if result.next == .failed {
            self.logger.info(
                "A delivery was given up",
                metadata: [
                    "churn.webhook": "\(self.webhook.name)", "churn.event.id": "\(claim.content.eventID)",
                    "churn.attempt": "\(claim.attempt)", "churn.code": "\(result.error ?? "none")",
                ])
        }
    }

    private func metadata(_ error: any Error) -> Logger.Metadata {
        [
            "churn.webhook": "\(self.webhook.name)",
            "churn.error": "\((error as? ChurnError)?.description ?? "other")",
        ]
    }
}
