import ChurnCore
import Logging
import NIOCore

/// A subscriber's wish for a page of the log.
struct PageRequest: Sendable {
    var cursor: UpdateCursor
    /// The most blocks.
    var limit: Int
    var subscriber: NIOLoopBound<UpdateSubscriber>
    var eventLoop: any EventLoop

    /// Reads the page and hands it over; a failure is handed over as nil, and the subscriber asks again.
    func serve(from hub: UpdateHub) async {
        let page: LogPage?
        do {
            page = try await LogPage.read(hub.log, after: self.cursor, limit: self.limit) { hub.index(of: $0) }
        } catch {
            hub.logger.debug("A page of the update log could not be read", metadata: ["churn.error": "\(error)"])
            page = nil
        }
        hub.metrics.pageRead()
        self.eventLoop.execute { self.subscriber.value.receive(page) }
    }
}
