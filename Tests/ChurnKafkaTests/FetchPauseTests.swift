import CRdKafka
import ChurnCore
import Foundation
import Testing

@testable import ChurnKafka

@Suite("The pause behind an empty answer")
struct FetchPauseTests {
    @Test("only an answer without records that came early is kept")
    func rest() {
        let pause = FetchPause(topic: "events")
        pause.expect(partitions: 4)
        let empty = 28 + 6 + 4 * 42
        #expect(pause.rest(bytes: empty, roundTrip: .microseconds(100)) == .microseconds(400))
        #expect(pause.rest(bytes: empty, roundTrip: .zero) == FetchPause.length)
        #expect(pause.rest(bytes: empty, roundTrip: FetchPause.length) == .zero)
        #expect(pause.rest(bytes: empty, roundTrip: .milliseconds(10)) == .zero)
        // What librdkafka says where it does not know.
        #expect(pause.rest(bytes: empty, roundTrip: .microseconds(-1)) == .zero)
        // The smallest batch of one record.
        #expect(pause.rest(bytes: empty + 61, roundTrip: .microseconds(100)) == .zero)
    }

    @Test("what is taken for empty follows the assignment")
    func assignment() {
        let pause = FetchPause(topic: "events")
        let bytes = 28 + 6 + 4 * 42
        #expect(pause.rest(bytes: bytes, roundTrip: .zero) == .zero)
        pause.expect(more: 4)
        #expect(pause.rest(bytes: bytes, roundTrip: .zero) > .zero)
        pause.expect(more: -3)
        #expect(pause.rest(bytes: bytes, roundTrip: .zero) == .zero)
        pause.expect(more: -3)
        pause.expect(partitions: 4)
        #expect(pause.rest(bytes: bytes, roundTrip: .zero) > .zero)
    }

    @Test("a broker that answers at once is not asked without end", .timeLimit(.minutes(2)))
    func asked() throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 4)
        // Without a wait, the mock answers at once as well.
        let defaults = ["group.id": "pause", "statistics.interval.ms": "250", "fetch.wait.max.ms": "0"]
        let settings = ClientSettings(cluster.connection, defaults: defaults, fixed: [:])
        let handle = try ConsumerHandle(settings, topic: "events", largestTake: 10)
        try handle.assign((0..<4).map { ($0, 0) })
        var found: (seconds: Double, fetches: Int)?
        while found.map({ $0.seconds < 1 }) ?? true {
            guard case .statistics(let json)? = handle.nextEvent(wait: 100) else { continue }
            let statistics = try JSONDecoder().decode(Statistics.self, from: Data(json.utf8))
            found = (statistics.age / 1e6, statistics.brokers.values.reduce(0) { $0 + ($1.req["Fetch"] ?? 0) })
        }
        let (seconds, fetches) = try #require(found)
        #expect(fetches > 10)
        #expect(Double(fetches) < seconds / (FetchPause.length / .seconds(1)) + 10)
    }

    /// librdkafka's statistics, by its own names.
    private struct Statistics: Decodable {
        struct Broker: Decodable { var req: [String: Int] }
        /// Microseconds since the client was made.
        var age: Double
        var brokers: [String: Broker]
    }
}
