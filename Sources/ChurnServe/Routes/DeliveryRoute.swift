import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/webhooks/deliveries`: webhook deliveries, newest first.
struct DeliveryRoute {
    static let defaultLimit = 50
    static let maximumLimit = 1_000

    let log: any DeliveryLog
    let limits: ServerLimits

    func add(to router: Router<ServeContext>) {
        router.get("/api/webhooks/deliveries") { request, _ in
            let parameters = try request.parameters()
            try parameters.allowOnly(["webhook", "status", "before", "limit"])
            let webhook = try parameters.text("webhook")
            let status = try parameters.choice("status", of: Delivery.Status.self)
            let before = try parameters.count("before", cap: .max, default: 0)
            let limit = try parameters.count("limit", cap: Self.maximumLimit, default: Self.defaultLimit)
            let found = try await withDeadline(self.limits.requestDeadline) {
                try await self.log.deliveries(
                    of: webhook, status: status, before: before == 0 ? nil : Int64(before), limit: limit + 1)
            }
            let lines = found.prefix(limit)
            return Response.json { json in
                json.field("deliveries", array: lines) { json, line in json.object { $0.fields(of: line) } }
                json.field("next_before", found.count > limit ? lines.last?.id : nil)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of line: Delivery) {
        self.field("delivery_id", line.id)
        self.field("webhook", line.webhook)
        self.field("alert_id", line.eventID)
        self.field("delivery_key", line.key)
        self.field("status", line.status.rawValue)
        self.field("attempts", line.attempts)
        self.field("http_status", line.httpStatus.map(Int64.init))
        self.field("error", line.error)
        self.field("created_at", line.createdAt)
        self.field("attempted_at", line.attemptedAt)
        self.field("finished_at", line.finishedAt)
    }
}
