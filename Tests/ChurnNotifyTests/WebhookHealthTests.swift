import ChurnInsight
import Testing

@testable import ChurnCore
@testable import ChurnNotify

@Suite struct WebhookHealthTests {
    @Test("a webhook is degraded while its receiver or the log fails, and each recovers by itself")
    func recovery() {
        let board = HealthBoard()
        let health = WebhookHealth(webhook: "crm", board: board)
        #expect(board.all == ["webhook.crm": .healthy])
        health.attempted(DeliveryResult(.retry(after: .seconds(1)), httpStatus: 503, error: "http_status"))
        #expect(board.all["webhook.crm"]?.reason?.contains("http_status, status 503") == true)
        #expect(board.isReady)
        health.logFailed(ChurnError(.storeUnavailable, .retry, during: "claim deliveries", advice: "start it"))
        #expect(board.all["webhook.crm"]?.advice == "start it")
        health.logAnswered()
        #expect(board.all["webhook.crm"]?.reason?.contains("receiver") == true)
        health.attempted(DeliveryResult(.delivered, httpStatus: 200))
        #expect(board.all == ["webhook.crm": .healthy])
    }
}
