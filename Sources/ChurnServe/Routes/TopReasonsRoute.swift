import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/top-reasons`: what drives the alerts of the last hour.
struct TopReasonsRoute: EndpointGroup {
    private static let period = Duration.seconds(3_600)
    private static let mostFeatures = 20

    let dependencies: APIDependencies

    var endpoints: [Endpoint] {
        let answer = Self.answer
        return [
            Endpoint(
                .get, "/api/top-reasons", .reading, id: "topReasons", .dashboard,
                "What drives the alerts of the last hour",
                notes: """
                    The strongest reason to leave of each alert, counted by feature: the same for whoever asks. At most \
                    the newest \(TopReasons.mostAlerts) alerts are counted; since says from when on.
                    """,
                refusesOtherParameters: true, answers: [.ok("The reasons.", answer.schema), .unavailable]
            ) { _, _ in
                answer.response(
                    try await self.dependencies.ask { queries in
                        try await queries.customers.topReasons(
                            since: queries.now().advanced(by: .zero - Self.period))
                    })
            }
        ]
    }

    private static let answer = Shape<TopReasons>(
        "TopReasons",
        [
            Field("since") { $0.since },
            Field("alerts", "The alerts that were counted, those without a known reason too.") { $0.alerts },
            Field(
                "reasons", Self.feature, to: Self.mostFeatures,
                list: { Array($0.features.prefix(Self.mostFeatures)) }),
        ])

    private static let feature = Shape<TopReasons.Feature>([
        Field("feature") { $0.column },
        Field("alerts") { $0.alerts },
    ])
}
