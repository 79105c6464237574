import ChurnCore
import ChurnInsight
import ChurnMemory
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite("Steps about cases reach those who look on", .timeLimit(.minutes(2)))
struct CaseFeedTests {
    private static let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)
    private static let time = Timestamp(microseconds: 1_767_225_600_250_000)

    private static func raise(_ customer: String, in store: InMemoryStore) async throws {
        let features = Domain.telco.schema.features.map { _ in FeatureValue.missing }
        _ = try await store.importCustomers([CustomerState(id: customer, features: features)])
        let event = CustomerEvent(
            position: StreamPosition(partition: Self.partition, offset: 0), customerID: customer,
            type: EventType(rawValue: "contract_downgrade"), time: Self.time, recordTime: Self.time,
            json: Array("{}".utf8))
        let prediction = Prediction(
            customerID: customer, probability: 0.8, band: .high, model: ModelIdentity(version: "m"), stateVersion: 0,
            alert: AlertDecision(isAlert: true, becameAtRisk: true))
        _ = try await store.write(
            ScoredBatch(
                ranges: [OffsetRange(partition: Self.partition, from: 0, to: 1)],
                events: [ScoredEvent(eventID: 1, event: event, prediction: prediction)]))
    }

    @Test("each once, with who did it, to every socket whatever its filter, and none from before")
    func frames() async throws {
        try await ServeHarness.run { server in
            try await Self.raise("a", in: server.store)
            let now = Locked(Self.time)
            let feed = CaseFeed(store: server.store, hub: server.hub, logger: .quiet, now: { now.withLock { $0 } })
            _ = try await server.store.take(.acknowledge, on: 1, version: 0, by: "Kim", at: Self.time)
            var known = try await feed.send(nil)
            var clients: [WebSocketClient] = []
            for query in ["", "?band=Low"] {
                clients.append(try await WebSocketClient.connect(port: server.port, query: query))
            }
            for client in clients { try await eventually("the cursor came") { client.lastCursor != nil } }
            let until = Self.time.advanced(by: .seconds(5))
            _ = try await server.store.take(.snooze(until: until), on: 1, version: 1, by: "Lee", at: Self.time)
            _ = try await server.store.log(
                NewIntervention(customerID: "a", action: "call", agent: "Lee", time: Self.time))
            known = try await feed.send(known)
            now.withLock { $0 = until }
            known = try await feed.send(known)
            known = try await feed.send(known)
            for client in clients {
                try await eventually("the last frame came") { client.texts.contains { $0.contains("case_due") } }
                let texts = client.texts.filter { !$0.contains(#""cursor""#) }
                #expect(texts.count == 4, "\(texts)")
                #expect(
                    texts.contains {
                        $0.hasPrefix(#"{"type":"case_step","payload":{"alert_id":1,"customer_id":"a","version":2,"#)
                            && $0.contains(#""changed_by":"Lee","from_status":"acknowledged","to_status":"snoozed""#)
                    })
                #expect(texts.contains { $0.contains(#""version":3"#) && $0.contains(#""log_id":1"#) })
                #expect(
                    texts.contains {
                        $0.hasPrefix(#"{"type":"intervention_logged","payload":{"log_id":1,"customer_id":"a","#)
                    })
                #expect(!texts.contains { $0.contains(#""version":1,"#) })
                client.raw.close()
            }
        }
    }

    @Test(
        "a type of these frames is refused from outside", arguments: ["case_step", "case_due", "intervention_logged"])
    func reserved(_ type: String) {
        #expect(throws: ExternalUpdate.Fault.type) {
            try ExternalUpdate(json: Array(#"{"type":"\#(type)","payload":{}}"#.utf8))
        }
    }
}
