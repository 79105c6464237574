import ChurnMemory
import ChurnTesting
import CoreMetrics
import Foundation
import Testing

@testable import ChurnCore

@Suite("Explanations in the pipeline")
struct BatchExplainerTests {
    private let domain = Domain.telco

    @Test("a linear model keeps the contract of an explainer", arguments: ExplainerContract.checks)
    func contract(_ check: ExplainerContract.Check) async {
        await check.verify { PredictorUnderTest(predictor: LinearModel.seeded(), domain: .telco) }
    }

    private func batch(_ events: [(type: String, customer: String)], from offset: Int64 = 0) throws -> EventBatch {
        let decoder = EventDecoder(domain: self.domain)
        let partition = StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)
        var batch = EventBatch(
            entries: [], rejections: [],
            ranges: [
                OffsetRange(partition: partition, from: offset, to: offset + Int64(events.count))
            ])
        for (index, event) in events.enumerated() {
            let json = #"{"event_type":"\#(event.type)","user_id":"\#(event.customer)"}"#
            let record = Record(
                position: StreamPosition(partition: partition, offset: offset + Int64(index)),
                key: Array(event.customer.utf8), value: Array(json.utf8), headers: [],
                time: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(index)))
            if case .event(let entry) = decoder.decode(record) { batch.entries.append(entry) }
        }
        #expect(batch.entries.count == events.count)
        return batch
    }

    /// Scores a batch with one model.
    private func score(
        _ events: [(type: String, customer: String)], of states: [CustomerState], by predictor: any Predictor,
        reasons: Int = 3
    ) async throws -> ScoredBatch {
        var configuration = PipelineConfiguration()
        configuration.reasons = reasons
        let scorer = BatchScorer(
            domain: self.domain, configuration: configuration, isObserved: false,
            metrics: PipelineMetrics(factory: NOOPMetricsHandler.instance))
        let lineup = ModelLineup(champion: LoadedModel(predictor: predictor))
        return try await scorer.score(self.batch(events), self.input(states), by: lineup).batch
    }

    private func input(_ states: [CustomerState]) -> ScoringInput {
        ScoringInput(
            customers: Dictionary(uniqueKeysWithValues: states.map { ($0.id, KnownCustomer(state: $0)) }), accepted: [],
            lastUpdates: [:], firstEventID: 1)
    }

    /// Customers whose last score is the model's.
    private func scored(_ count: Int, by model: LinearModel, seed: UInt64 = 3) async throws -> [CustomerState] {
        let customers = try CustomerPopulation(domain: self.domain, seed: seed).customers(count).map(\.customer)
        let probabilities = try await model.predict(customers.map(\.features))
        return zip(customers, probabilities).map { customer, probability in
            var state = customer
            state.latest = LatestScore(
                probability: probability, band: self.domain.bands.band(of: probability),
                time: Timestamp(microseconds: 1))
            return state
        }
    }

    private static let types = [
        "contract_downgrade", "removed_online_security", "cancelled_autopay", "contract_upgrade", "added_tech_support",
        "enabled_autopay", "monthly_anniversary", "something_else",
    ]

    @Test("a change sums up to the change of the margin, event after event of the same customers", arguments: 1...8)
    func sums(_ seed: Int) async throws {
        let model = LinearModel.seeded(seed: UInt64(seed))
        let states = try await self.scored(30, by: model, seed: UInt64(seed))
        var random = SeededRandom(seed: UInt64(seed), stream: 5)
        let events = (0..<300).map { _ in
            (type: Self.types[random.index(below: Self.types.count)], customer: states[random.index(below: 30)].id)
        }
        let result = try await self.score(events, of: states, by: model)
        var last = Dictionary(uniqueKeysWithValues: states.map { ($0.id, $0.latest?.probability ?? -1) })
        var splits = 0
        for event in result.events {
            let prediction = try #require(event.prediction)
            let known = last.updateValue(prediction.probability, forKey: prediction.customerID)
            let before = try #require(known)
            guard before != prediction.probability else {
                #expect(prediction.change == nil)
                continue
            }
            let change = try #require(prediction.change)
            #expect(change.fromProbability == before && change.toProbability == prediction.probability)
            let split = try #require(change.split)
            splits += 1
            #expect(abs(split.contributions.reduce(0, +) - (split.toMargin - split.fromMargin)) < 1e-5)
            #expect(abs(1 / (1 + exp(-split.fromMargin)) - before) < 1e-6)
            #expect(abs(1 / (1 + exp(-split.toMargin)) - prediction.probability) < 1e-6)
            // A linear model's features count for themselves: only what changed contributes.
            #expect(split.reasons().allSatisfy { reason in split.changed.contains { $0.feature == reason.feature } })
            #expect(!prediction.reasons.isEmpty && prediction.reasons.count <= 3)
        }
        #expect(splits > 30)
    }

    @Test("after a model change the difference is not split, until the new model has scored the customer")
    func modelChange() async throws {
        let old = LinearModel.seeded(seed: 1)
        let new = LinearModel.seeded(seed: 2, version: "linear-2")
        let states = try await self.scored(1, by: old)
        let events = [
            (type: "contract_downgrade", customer: states[0].id), (type: "monthly_anniversary", customer: states[0].id),
        ]
        let result = try await self.score(events, of: states, by: new)
        let changes = result.events.map { $0.prediction?.change }
        let first = try #require(changes[0])
        #expect(first.split == nil && first.fromProbability == states[0].latest?.probability)
        #expect(changes[1]?.split != nil)
    }

    @Test("the first score of a customer has no change, and an alert has reasons although nothing moved")
    func firstScore() async throws {
        var model = LinearModel.seeded(seed: 1)
        model = LinearModel(baseMargin: 20, weights: model.weights)
        var states = try await self.scored(1, by: model)
        states[0].latest = nil
        let events = Array(repeating: (type: "something_else", customer: states[0].id), count: 2)
        let result = try await self.score(events, of: states, by: model)
        for event in result.events {
            #expect(event.prediction?.alert.isAlert == true)
            #expect(event.prediction?.reasons.count == 3)
            #expect(event.prediction?.change == nil)
        }
    }

    @Test("without reasons, and with a predictor that explains nothing, scores are the same and nothing is said")
    func off() async throws {
        let model = LinearModel.seeded(seed: 4)
        let states = try await self.scored(5, by: model)
        let events = states.map { (type: "contract_downgrade", customer: $0.id) }
        let with = try await self.score(events, of: states, by: model)
        let without = try await self.score(events, of: states, by: model, reasons: 0)
        #expect(with.events.contains { $0.prediction?.change != nil })
        #expect(without.events.allSatisfy { $0.prediction?.reasons.isEmpty == true && $0.prediction?.change == nil })
        #expect(with.events.map(\.prediction?.probability) == without.events.map(\.prediction?.probability))
        let digest = try await self.score(events, of: states, by: DigestPredictor(domain: self.domain))
        #expect(digest.events.allSatisfy { $0.prediction?.reasons.isEmpty == true })
    }

    @Test("a frame carries reasons with their text and a change whose parts sum up")
    func frame() async throws {
        let model = LinearModel.seeded(seed: 6)
        let states = try await self.scored(20, by: model)
        let events = states.map { (type: "contract_downgrade", customer: $0.id) }
        let result = try await self.score(events, of: states, by: model)
        let block = try #require(result.updates.first)
        var changes = 0
        for (start, end) in zip([0] + block.ends, block.ends) {
            let frame = try JSONSerialization.jsonObject(with: Data(block.bytes[start..<end])) as? [String: Any]
            let payload = try #require(frame?["payload"] as? [String: Any])
            guard let change = payload["score_change"] as? [String: Any] else { continue }
            changes += 1
            let reasons = try #require(payload["reasons"] as? [[String: Any]])
            #expect(reasons.count == 3)
            #expect((reasons[0]["text"] as? String)?.hasSuffix(" the risk most") == true)
            let parts = try #require(change["reasons"] as? [[String: Any]])
            let sum = parts.reduce(0) { $0 + (($1["contribution"] as? Double) ?? .nan) }
            let (from, to) = (change["from_margin"] as? Double ?? .nan, change["to_margin"] as? Double ?? .nan)
            #expect(abs(sum + (change["others"] as? Double ?? .nan) - (to - from)) < 1e-5)
            #expect(parts.first?["feature"] as? String == "contract")
            #expect(parts.first?["to"] as? String == "Month-to-month")
            #expect((change["text"] as? String)?.contains("contract from ") == true)
        }
        #expect(changes > 2)
    }
}
