import ChurnCore
import ChurnTesting
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct ExplanationTableTests {
    @Test("reasons, changes and their features are there for plain SQL")
    func plainSQL() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let features = database.domain.schema.features
            let contract = try #require(features.firstIndex { $0.column == "contract" })
            let customer = CustomerState(id: "c1", features: features.map { _ in .missing })
            _ = try await store.importCustomers([customer])
            var contributions = Array(repeating: 0.0, count: features.count)
            contributions[contract] = 0.5
            contributions[0] = -0.25
            let split = ScoreChange.Split(
                toMargin: 1, contributions: contributions,
                changed: [ChangedFeature(feature: contract, from: .text("One year"), to: .text("Month-to-month"))])
            let partition = StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)
            func event(_ offset: Int64, _ reasons: [Reason], _ change: ScoreChange?) -> ScoredEvent {
                ScoredEvent(
                    eventID: offset + 1,
                    event: CustomerEvent(
                        position: StreamPosition(partition: partition, offset: offset), customerID: "c1",
                        type: EventType(rawValue: "contract_downgrade"), time: Timestamp(microseconds: 1),
                        recordTime: Timestamp(microseconds: 1), json: Array("{}".utf8)),
                    prediction: Prediction(
                        customerID: "c1", probability: 0.75, band: .high, model: ModelIdentity(version: "m1"),
                        stateVersion: 0, reasons: reasons, change: change,
                        alert: AlertDecision(isAlert: true, becameAtRisk: false)))
            }
            let batch = ScoredBatch(
                ranges: [OffsetRange(partition: partition, from: 0, to: 3)],
                events: [
                    event(0, [], nil),
                    event(
                        1, [Reason(feature: contract, contribution: 0.5), Reason(feature: 0, contribution: -0.25)],
                        ScoreChange(fromProbability: 0.5, toProbability: 0.75, split: split)),
                    event(2, [Reason(feature: 0, contribution: 2)], nil),
                ])
            guard case .written = try await store.write(batch) else {
                Issue.record("the batch was not written")
                return
            }
            let reasons = try await database.rows(
                """
                SELECT prediction_id AS a, reasons->0->>'feature' AS b, reasons->0->>'contribution' AS c,
                    jsonb_array_length(reasons) AS d FROM predictions ORDER BY 1
                """)
            #expect(
                reasons == [
                    ["1", nil, nil, nil], ["2", "contract", "0.5", "2"], ["3", features[0].column, "2", "1"],
                ])
            let changes = try await database.rows(
                """
                SELECT event_id AS a, from_margin AS b, to_margin AS c, contributions->>'contract' AS d,
                    changed_features->'contract'->>1 AS e, from_probability AS f FROM score_changes
                """)
            #expect(changes == [["2", "0.75", "1", "0.5", "Month-to-month", "0.5"]])
            await store.close()
        }
    }
}
