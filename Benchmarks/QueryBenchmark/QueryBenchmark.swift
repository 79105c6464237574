import ChurnCore
import ChurnStore
import Foundation
import Logging

/// Measures every query about customers against a database that `Benchmarks/queries.sh` filled.
///
///     churn-query-benchmark migrate URL
///     churn-query-benchmark measure URL ROUNDS
@main
struct QueryBenchmark {
    private static let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            print("usage: churn-query-benchmark migrate URL | measure URL ROUNDS")
            exit(2)
        }
        let configuration = PostgresConfiguration(url: Secret(arguments[2]))
        if arguments[1] == "migrate" {
            let migrator = try Migrator(configuration, domain: .telco, logger: Self.logger)
            _ = try await migrator.migrate()
            await migrator.close()
            return
        }
        try await Self.measure(configuration, rounds: arguments.count > 3 ? Int(arguments[3]) ?? 300 : 300)
    }

    private static func measure(_ configuration: PostgresConfiguration, rounds: Int) async throws {
        let store = try PostgresStore(configuration, domain: .telco, logger: Self.logger)
        let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: Self.logger)
        let before = Self.residentMegabytes()
        let load = try await ContinuousClock().measure { try await feed.reload() }
        let customers = try await store.customerCount()
        print(
            "\(customers) customers loaded in \(Self.format(load)) ms;",
            "the process grew from \(before) to \(Self.residentMegabytes()) MB;",
            "the projection holds \(feed.projectionBytes / 1_000_000) MB")
        let middle = try await feed.watchlist(WatchlistQuery(offset: customers / 2)).next
        let newest = try await feed.events(before: nil, limit: 1).first?.event.eventID ?? 0
        for (name, query) in Self.queries(feed, store, customers, newest, middle) {
            var times: [Duration] = []
            for round in 0..<(rounds + 5) {
                let time = try await ContinuousClock().measure { try await query(round) }
                // The first calls prepare statements.
                if round >= 5 { times.append(time) }
            }
            times.sort()
            let (p50, p99) = (times[times.count / 2], times[min(times.count - 1, times.count * 99 / 100)])
            let label = name.padding(toLength: 44, withPad: " ", startingAt: 0)
            print(
                "\(label) p50 \(Self.format(p50))  p99 \(Self.format(p99))  max \(Self.format(times[times.count - 1]))")
        }
        await store.close()
    }

    private typealias Query = @Sendable (Int) async throws -> Void

    private static func queries(
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
            ("summary", { _ in _ = try await feed.riskSummary(at: Self.now()) }),
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

    private static func now() -> Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    private static func format(_ duration: Duration) -> String {
        String(format: "%9.3f", duration / .milliseconds(1))
    }

    /// What the process holds in memory; 0 where /proc does not say.
    private static func residentMegabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
    }
}
