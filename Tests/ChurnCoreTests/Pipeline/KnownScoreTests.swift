import ChurnTesting
import CoreMetrics
import Testing

@testable import ChurnCore

/// Of the same features one model makes the same score, so it is asked once.
@Suite("A score that is known already")
struct KnownScoreTests {
    /// Counts what it is asked for.
    private final class CountingPredictor: Predictor {
        private let base = DigestPredictor(domain: .telco)
        private let asked = Locked(0)
        var rows: Int { self.asked.withLock { $0 } }
        var model: ModelIdentity { self.base.model }
        func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
            self.asked.withLock { $0 += rows.count }
            return try await self.base.predict(rows)
        }
    }

    private static let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "test", topic: "events")), partition: 0)

    private static func batch(_ events: [(type: String, customer: String)]) -> EventBatch {
        let entries = events.enumerated().map { offset, event in
            EventBatch.Entry(
                event: CustomerEvent(
                    position: StreamPosition(partition: Self.partition, offset: Int64(offset)),
                    customerID: event.customer, type: EventType(rawValue: event.type),
                    time: Timestamp(microseconds: 1), recordTime: Timestamp(microseconds: 1), json: Array("{}".utf8)))
        }
        return EventBatch(
            entries: entries,
            ranges: [OffsetRange(partition: Self.partition, from: 0, to: Int64(events.count))])
    }

    private static func score(
        _ batch: EventBatch, _ customers: [KnownCustomer], by predictor: any Predictor
    ) async throws -> BatchScorer.Scored {
        let scorer = BatchScorer(
            domain: .telco, configuration: PipelineConfiguration(), isObserved: false,
            metrics: PipelineMetrics(factory: NOOPMetricsHandler.instance))
        let input = ScoringInput(
            customers: Dictionary(uniqueKeysWithValues: customers.map { ($0.state.id, $0) }), accepted: [],
            lastUpdates: [:], firstEventID: 1)
        return try await scorer.score(batch, input, by: ModelLineup(champion: LoadedModel(predictor: predictor)))
    }

    private static func unknown(_ id: String) -> KnownCustomer {
        KnownCustomer(
            state: CustomerState(id: id, features: Domain.telco.schema.features.map { _ in .missing }))
    }

    @Test("is not asked for again, within a batch and from one to the next, and is the same to the bit")
    func asked() async throws {
        let events = Self.batch(
            [("unusual", "a"), ("monthly_anniversary", "a"), ("unusual", "a"), ("unusual", "b"), ("unusual", "b")])
        let predictor = CountingPredictor()
        let first = try await Self.score(events, [Self.unknown("a"), Self.unknown("b")], by: predictor)
        #expect(predictor.rows == 3)
        let second = try await Self.score(events, first.customers, by: predictor)
        #expect(predictor.rows == 4)
        let plain = try await Self.score(
            events, first.customers.map { KnownCustomer(state: $0.state) }, by: predictor)
        #expect(
            second.batch.events.map { $0.prediction?.probability }
                == plain.batch.events.map { $0.prediction?.probability })
        #expect(
            second.batch.events.map { $0.prediction?.stateVersion }
                == plain.batch.events.map { $0.prediction?.stateVersion })
    }

    @Test("is asked of another model")
    func otherModel() async throws {
        var known = Self.unknown("a")
        known.state.latest = LatestScore(probability: 0.125, band: .low, time: Timestamp(microseconds: 0))
        known.model = ModelIdentity(version: "another")
        let predictor = CountingPredictor()
        let scored = try await Self.score(Self.batch([("unusual", "a")]), [known], by: predictor)
        #expect(predictor.rows == 1)
        #expect(scored.batch.events[0].prediction?.model == predictor.model)
        known.model = predictor.model
        let taken = try await Self.score(Self.batch([("unusual", "a")]), [known], by: predictor)
        #expect(predictor.rows == 1)
        #expect(taken.batch.events[0].prediction?.probability == 0.125)
    }
}
