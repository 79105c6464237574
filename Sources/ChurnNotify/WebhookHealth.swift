import ChurnCore
import ChurnInsight

/// The health of one webhook, by what its receiver answers and whether the log of deliveries can be asked.
///
/// At worst degraded: what cannot be delivered now waits, and scoring and serving go on.
final class WebhookHealth: Sendable {
    private struct State {
        /// The failure of the last attempt; nil where it was delivered.
        var receiver: String?
        var log: (any Error)?
    }

    private let component: String
    private let board: HealthBoard
    private let state = Locked(State())

    init(webhook: String, board: HealthBoard) {
        self.component = "webhook.\(webhook)"
        self.board = board
        board.report(self.component, .healthy)
    }

    /// An attempt ended.
    func attempted(_ result: DeliveryResult) {
        let status = result.httpStatus.map { ", status \($0)" } ?? ""
        self.change { $0.receiver = result.next == .delivered ? nil : "\(result.error ?? "other")\(status)" }
    }

    /// The log of deliveries could be asked.
    func logAnswered() { self.change { $0.log = nil } }

    /// The log of deliveries failed.
    func logFailed(_ error: any Error) { self.change { $0.log = error } }

    private func change(_ change: (inout State) -> Void) {
        let state = self.state.withLock { state in
            change(&state)
            return state
        }
        if let error = state.log {
            self.board.report(
                self.component, .degraded(error, "deliveries cannot be read", keeps: "they wait"),
                code: (error as? ChurnError)?.code)
        } else if let receiver = state.receiver {
            self.board.report(
                self.component,
                .degraded(
                    reason: "the receiver does not take deliveries (\(receiver))",
                    advice: "look at the receiver and the webhook's address; deliveries are tried again for a while"))
        } else {
            self.board.report(self.component, .healthy)
        }
    }
}
