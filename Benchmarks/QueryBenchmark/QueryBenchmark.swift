import ChurnCore
import ChurnInsight
import ChurnStore
import Foundation
import Logging

/// Measures every query about customers against a database that `Benchmarks/queries.sh` filled.
///
///     churn-query-benchmark migrate URL
///     churn-query-benchmark measure URL ROUNDS
///     churn-query-benchmark load URL SECONDS EVENTS CLIENTS
///
/// `load` has that many clients ask all of them at once while this many events a second are written and followed.
@main
struct QueryBenchmark {
    static let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            print(
                "usage: churn-query-benchmark migrate URL | measure URL ROUNDS | load URL SECONDS EVENTS CLIENTS")
            exit(2)
        }
        let configuration = PostgresConfiguration(url: Secret(arguments[2]))
        if arguments[1] == "migrate" {
            let migrator = try Migrator(configuration, domain: .telco, logger: Self.logger)
            _ = try await migrator.migrate()
            await migrator.close()
            return
        }
        let numbers = arguments.dropFirst(3).map { Int($0) ?? 0 }
        if arguments[1] == "load", numbers.count == 3 {
            try await LoadBenchmark(
                configuration: configuration, seconds: numbers[0], eventsPerSecond: numbers[1], clients: numbers[2]
            ).run()
            return
        }
        try await Self.measure(configuration, rounds: numbers.first ?? 300)
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
        for (name, query) in BenchmarkQueries.all(feed, store, customers, newest, middle) {
            var times: [Duration] = []
            for round in 0..<(rounds + 5) {
                let time = try await ContinuousClock().measure { try await query(round) }
                // The first calls prepare statements.
                if round >= 5 { times.append(time) }
            }
            Self.report(name, times)
        }
        await store.close()
    }

    /// Prints the distribution of some times, which are not empty.
    static func report(_ name: String, _ times: [Duration]) {
        let times = times.sorted()
        let (p50, p99) = (times[times.count / 2], times[min(times.count - 1, times.count * 99 / 100)])
        let label = name.padding(toLength: 44, withPad: " ", startingAt: 0)
        print("\(label) p50 \(Self.format(p50))  p99 \(Self.format(p99))  max \(Self.format(times[times.count - 1]))")
    }

    static func format(_ duration: Duration) -> String {
        String(format: "%9.3f", duration / .milliseconds(1))
    }

    /// Returns the process's resident memory; 0 where /proc does not have it.
    private static func residentMegabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
    }
}
