import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/webhooks/deliveries`: what webhooks were sent, newest first.
struct DeliveryRoute: EndpointGroup {
    private static let maximumLimit = 1_000

    let log: any DeliveryLog
    let limits: ServerLimits

    private static let webhook = Parameter.text("webhook", "Only what this webhook was sent.")
    private static let status = Parameter<Delivery.Status?>.choice("status", "Only deliveries of this status.")
    private static let before = Parameter.before()
    private static let limit = Parameter.limit(default: 50, cap: maximumLimit)

    /// A page of deliveries, and where the next page begins.
    private struct Page {
        var deliveries: [Delivery]
        var next: Int64?
    }

    private static let answer = Shape<Page>([
        Field("deliveries", Self.delivery, to: Self.maximumLimit, list: { $0.deliveries }),
        Field("next_before") { $0.next },
    ])

    private static let delivery = Shape<Delivery>(
        "Delivery",
        [
            Field("delivery_id") { $0.id },
            Field("webhook") { $0.webhook },
            Field("alert_id", "The case that it reports; null where it reports drift.") {
                $0.eventID > 0 ? $0.eventID : nil
            },
            Field("delivery_key", "The same on every attempt, and no other delivery's.") { $0.key },
            Field("status") { $0.status },
            Field("attempts", schema: .integer(from: 0)) { $0.attempts },
            Field("http_status") { $0.httpStatus },
            Field("error") { $0.error },
            Field("created_at") { $0.createdAt },
            Field("attempted_at") { $0.attemptedAt },
            Field("finished_at") { $0.finishedAt },
        ])

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/api/webhooks/deliveries", .administering, id: "webhookDeliveries", .administration,
                "What webhooks were sent, newest first",
                notes: """
                    For administrators. Ask again with before=next_before for earlier ones, until it is null. \
                    Parameters of other names are refused.
                    """,
                parameters: [
                    Self.webhook.description, Self.status.description, Self.before.description, Self.limit.description,
                ],
                refusesOtherParameters: true, answers: [.ok("The deliveries.", Self.answer.schema), .unavailable]
            ) { request, _ in
                let parameters = try request.parameters()
                let webhook = try parameters.value(of: Self.webhook)
                let status = try parameters.value(of: Self.status)
                let before = try parameters.value(of: Self.before)
                let limit = try parameters.value(of: Self.limit)
                // One more than is shown tells whether there are more.
                let found = try await withDeadline(self.limits.requestDeadline) {
                    try await self.log.deliveries(of: webhook, status: status, before: before, limit: limit + 1)
                }
                let shown = Array(found.prefix(limit))
                return Self.answer.response(
                    Page(deliveries: shown, next: found.count > limit ? shown.last?.id : nil))
            }
        ]
    }
}

extension Delivery.Status: NamedAnswerValue {}
