import ChurnCore
import Logging
import NIOCore

/// A subscriber's request for a page of the log.
struct PageRequest: Sendable {
    /// The result of the request.
    enum Outcome {
        case page(LogPage)
        /// The log could not be read now.
        case failed
        /// The client's cursor is none that this log can have given out.
        case impossible
    }

    var cursor: UpdateCursor
    /// The updates that the client says it has seen, where that has yet to be compared with the log.
    var claim: UpdateCursor?
    /// About the most bytes.
    var bytes: Int
    var subscriber: NIOLoopBound<UpdateSubscriber>
    var eventLoop: any EventLoop

    /// Reads the page and hands it over; after a failure the subscriber asks again.
    func serve(from hub: UpdateHub) async {
        let outcome: Outcome
        do {
            outcome = try await self.read(hub)
        } catch {
            hub.logger.debug("A page of the update log could not be read", metadata: ["churn.error": "\(error)"])
            outcome = .failed
        }
        hub.metrics.pageRead()
        self.eventLoop.execute { self.subscriber.value.receive(outcome) }
    }

    private func read(_ hub: UpdateHub) async throws -> Outcome {
        if let claim, !claim.isPossible(at: try await hub.log.end()) { return .impossible }
        return .page(try await LogPage.read(hub.log, after: self.cursor, bytes: self.bytes) { hub.index(of: $0) })
    }
}

extension UpdateCursor {
    /// Returns whether a log that ends here may have given this cursor out: it names at least one of the log's streams,
    /// and nothing that is not written yet.
    func isPossible(at end: UpdateCursor) -> Bool {
        let streams = Set(end.seen.keys.map(\.stream.name))
        return (self.seen.isEmpty || self.seen.keys.contains { streams.contains($0.stream.name) })
            && self.seen.allSatisfy { partition, number in end.seen[partition].map { number <= $0 } ?? true }
    }
}
