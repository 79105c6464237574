import ChurnCore
import ChurnInsight
import ChurnStore

/// Every query about customers, by name.
enum BenchmarkQueries {
    typealias Query = @Sendable (Int) async throws -> Void

    static func all(
        _ feed: CustomerProjectionFeed, _ store: PostgresStore, _ customers: Int, _ newest: Int64,
        _ middle: WatchlistCursor?
    ) -> [(String, Query)] {
        @Sendable func id(_ round: Int) -> String {
            "C-" + String(10_000_000 + (round * 7_919) % max(1, customers)).dropFirst()
        }
        func page(_ make: @escaping @Sendable (Int) -> WatchlistQuery) -> Query {
            { round in _ = try await feed.watchlist(make(round)) }
        }
        return [
            ("summary", { _ in _ = try await feed.riskSummary(at: Timestamp.systemNow()) }),
            ("analytics", { _ in _ = try await feed.riskAnalytics() }),
            ("watchlist, first page", page { _ in WatchlistQuery() }),
            ("watchlist, the middle", page { _ in WatchlistQuery(offset: customers / 2) }),
            ("watchlist, the middle by cursor", page { _ in WatchlistQuery(after: middle) }),
            (
                "watchlist, lowest first, the middle",
                page { _ in WatchlistQuery(isDescending: false, offset: customers / 2) }
            ),
            ("watchlist, a band", page { _ in WatchlistQuery(bands: [.critical]) }),
            ("watchlist, a low band", page { _ in WatchlistQuery(bands: [.low]) }),
            (
                "watchlist, a low band and segment, deep",
                page { _ in
                    WatchlistQuery(bands: [.low], segments: ["One year"], offset: customers / 10)
                }
            ),
            ("watchlist, search of few", page { WatchlistQuery(search: String(id($0).prefix(6))) }),
            ("watchlist, search of a tenth", page { WatchlistQuery(search: "c-0\($0 % 10)") }),
            (
                "watchlist, search of a tenth, a band, deep",
                page { WatchlistQuery(bands: [.low], search: "c-0\($0 % 10)", offset: customers / 40) }
            ),
            ("watchlist, search of one", page { WatchlistQuery(search: id($0)) }),
            ("watchlist, search of all", page { _ in WatchlistQuery(search: "c-") }),
            (
                "watchlist, search of all, a band, deep",
                page { _ in
                    WatchlistQuery(bands: [.low], search: "c-", offset: customers / 5)
                }
            ),
            (
                "watchlist by value, ascending, the middle",
                page { _ in
                    WatchlistQuery(order: .value, isDescending: false, offset: customers / 2)
                }
            ),
            ("watchlist by activity", page { _ in WatchlistQuery(order: .activity) }),
            ("watchlist by id, the end", page { _ in WatchlistQuery(order: .id, offset: customers - 10) }),
            ("events, 50 newest", { _ in _ = try await feed.events(before: nil, limit: 50) }),
            ("events, 50 from the middle", { _ in _ = try await feed.events(before: newest / 2, limit: 50) }),
            ("alerts, 50 newest", { _ in _ = try await feed.alerts(before: nil, limit: 50) }),
            ("alerts, 50 from the middle", { _ in _ = try await feed.alerts(before: newest / 2, limit: 50) }),
            ("timeline of 50", { _ = try await feed.timeline(of: id($0), before: nil, limit: 50) }),
            ("customer with 15 events", { _ = try await store.customer(id: id($0), recentEvents: 15) }),
            ("importances", { _ in _ = try await feed.featureImportances(limit: 10) }),
        ]
    }
}
