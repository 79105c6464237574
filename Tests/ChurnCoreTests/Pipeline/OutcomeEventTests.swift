import ChurnInsight
import ChurnMemory
import ChurnTesting
import CoreMetrics
import Testing

@testable import ChurnCore

@Suite("Events that report an outcome")
struct OutcomeEventTests {
    private static let domain: Domain = {
        var domain = Domain.telco
        for (type, hasChurned) in [("contract_ended", true), ("contract_renewed", false)] {
            let type = EventType(rawValue: type)
            domain.events[type] = EventRule(
                type: type, weight: 0, details: "", effect: EventEffect(steps: []), hasChurned: hasChurned)
        }
        return domain
    }()
    private static let recordTime = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)

    private static func time(_ seconds: Int64) -> Timestamp { self.recordTime.advanced(by: .seconds(seconds)) }

    /// Events with their times in seconds and their producer's ids.
    private static func batch(
        _ events: [(type: String, customer: String, seconds: Int64, id: String?)], from offset: Int64 = 0
    ) throws -> EventBatch {
        var batch = EventBatch(
            entries: [], rejections: [],
            ranges: [OffsetRange(partition: self.partition, from: offset, to: offset + Int64(events.count))])
        for (index, event) in events.enumerated() {
            let id = event.id.map { #", "event_id": "\#($0)""# } ?? ""
            let json = """
                {"event_type": "\(event.type)", "user_id": "\(event.customer)", \
                "timestamp": "\(self.time(event.seconds).iso8601)"\(id)}
                """
            let record = Record(
                position: StreamPosition(partition: self.partition, offset: offset + Int64(index)),
                key: Array(event.customer.utf8), value: Array(json.utf8), headers: [], time: self.recordTime)
            guard case .event(let entry) = EventDecoder(domain: self.domain).decode(record) else {
                Issue.record("\(json) is no event")
                continue
            }
            batch.entries.append(entry)
        }
        return batch
    }

    private static func score(_ batch: EventBatch, firstID: Int64 = 1) async throws -> BatchScorer.Scored {
        let scorer = BatchScorer(
            domain: self.domain, configuration: PipelineConfiguration(), isObserved: true,
            metrics: PipelineMetrics(factory: NOOPMetricsHandler.instance))
        let states = ["a", "b"].map {
            CustomerState(id: $0, features: self.domain.schema.features.map { _ in .missing })
        }
        return try await scorer.score(
            batch,
            ScoringInput(
                customers: Dictionary(uniqueKeysWithValues: states.map { ($0.id, KnownCustomer(state: $0)) }),
                accepted: [], lastUpdates: [:],
                firstEventID: firstID),
            by: ModelLineup(champion: LoadedModel(predictor: DigestPredictor(domain: self.domain))))
    }

    @Test("give the batch outcomes with the event's own time and number; a duplicate and an unknown customer do not")
    func outcomes() async throws {
        let scored = try await Self.score(
            Self.batch([
                ("monthly_anniversary", "a", 0, nil), ("contract_ended", "a", 5, "x"), ("contract_ended", "a", 5, "x"),
                ("contract_ended", "nobody", 6, nil), ("contract_renewed", "b", -90, nil),
            ]), firstID: 100)
        #expect(
            scored.batch.outcomes == [
                CustomerOutcome(customerID: "a", time: Self.time(5), hasChurned: true, eventID: 101),
                CustomerOutcome(customerID: "b", time: Self.time(-90), hasChurned: false, eventID: 104),
            ])
        #expect(scored.batch.events.count { $0.prediction != nil } == 3, "they are scored as any event")
        #expect(scored.observed.map(\.customerID) == ["a"], "their scores do not count as predictions")
    }

    @Test("mark the customer as one that left until a later event, and alert no one until then")
    func leaving() async throws {
        var fold = CustomerFold(customers: [
            "a": KnownCustomer(
                state: CustomerState(id: "a", features: [.number(1)], version: 3, alert: AlertState(isAtRisk: true)))
        ])
        let found = fold.number(of: "a")
        let number = try #require(found)
        func score(_ probability: Double, happened: Int64, hasLeft: Bool = false) -> (Prediction, Timestamp?) {
            let prediction = fold.score(
                number, at: Self.time(100), eventTime: Self.time(happened), features: [.number(1)], hasChanged: false,
                probability: probability, band: .high, model: ModelIdentity(version: "m"), alerts: AlertPolicy(),
                hasLeft: hasLeft)
            return (prediction, fold.changes(resolution: .seconds(60)).first?.state.leftAt)
        }
        let (left, time) = score(0.9, happened: 50, hasLeft: true)
        #expect(time == Self.time(50) && !left.alert.isAlert && left.stateVersion == 4)
        let (late, stillLeft) = score(0.9, happened: 40)
        #expect(stillLeft == Self.time(50) && !late.alert.isAlert && late.stateVersion == 4)
        let (back, isBack) = score(0.9, happened: 60)
        #expect(isBack == nil && back.alert.isAlert && back.alert.becameAtRisk && back.stateVersion == 5)
    }

    @Test("are held against the score before them, as imported outcomes are")
    func judged() async throws {
        let store = InMemoryStore(domain: Self.domain)
        _ = try await store.importCustomers(
            ["a", "b"].map { CustomerState(id: $0, features: Self.domain.schema.features.map { _ in .missing }) })
        let scored = try await Self.score(
            Self.batch([
                ("monthly_anniversary", "a", 0, nil), ("contract_ended", "a", 5, nil), ("contract_ended", "b", 5, nil),
            ]))
        guard case .written = try await store.write(scored.batch) else {
            Issue.record("the batch was not written")
            return
        }
        let judged = try await store.judgedScores(since: Self.time(0), horizon: .seconds(60))
        // No one had scored b before its end.
        #expect(judged.map(\.outcome.customerID) == ["a"])
        #expect(judged.map(\.scored) == [Self.time(0)])
        #expect(judged.map(\.probability) == [scored.batch.events[0].prediction?.probability])
    }
}
