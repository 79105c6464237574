import ChurnCore
import ChurnMemory
import Foundation
import Testing

@Suite("Event simulator")
struct EventSimulatorTests {
    private struct Event: Decodable, Equatable {
        var event_type: String
        var user_id: String
        var details: String
        var timestamp: Double
    }

    private func domain(_ rules: [EventRule]) -> Domain {
        Domain(
            name: "shop", idName: "ID", label: LabelColumn(name: "Left", positive: "yes", negative: "no"),
            schema: FeatureSchema(features: []), segmentFeature: 0, valueFeature: 0, rules: rules, actions: [],
            bands: RiskBands())
    }

    @Test("events are the contract's JSON, keyed by the customer")
    func json() throws {
        var simulator = try EventSimulator(domain: .telco, customerIDs: ["7590-VHVEG"], seed: 1)
        let event = simulator.next(at: Timestamp(microseconds: 1_700_000_000_250_000))
        let decoded = try JSONDecoder().decode(Event.self, from: Data(event.json))
        #expect(event.key == Array("7590-VHVEG".utf8))
        #expect(decoded.event_type == event.type.rawValue)
        #expect(decoded.user_id == "7590-VHVEG")
        #expect(decoded.details == Domain.telco.events[event.type]?.details)
        #expect(decoded.timestamp == 1_700_000_000.25)
    }

    @Test("any text survives the JSON", arguments: ["a\"b\\c", "tab\tline\n\u{1}", "größe 名 🙂", ""])
    func escapes(_ text: String) throws {
        let rule = EventRule(type: EventType(rawValue: text), weight: 1, details: text, effect: EventEffect(steps: []))
        var simulator = try EventSimulator(domain: self.domain([rule]), customerIDs: [text], seed: 1)
        let event = simulator.next(at: Timestamp(microseconds: -1))
        let decoded = try JSONDecoder().decode(Event.self, from: Data(event.json))
        #expect(decoded == Event(event_type: text, user_id: text, details: text, timestamp: -0.000001))
    }

    @Test("event types come by their weights and customers evenly")
    func weights() throws {
        let ids = (0..<10).map { "c\($0)" }
        var simulator = try EventSimulator(domain: .telco, customerIDs: ids, seed: 5)
        var types: [EventType: Int] = [:], customers: [String: Int] = [:]
        let count = 100_000
        for _ in 0..<count {
            let event = simulator.next(at: Timestamp(microseconds: 0))
            types[event.type, default: 0] += 1
            customers[event.customerID, default: 0] += 1
        }
        let total = Domain.telco.events.values.reduce(0) { $0 + $1.weight }
        for rule in Domain.telco.events.values {
            #expect(abs(Double(types[rule.type] ?? 0) / Double(count) - rule.weight / total) < 0.01)
        }
        for id in ids { #expect(abs(Double(customers[id] ?? 0) / Double(count) - 0.1) < 0.01) }
    }

    @Test("an event type of weight 0 is never made")
    func zeroWeight() throws {
        let none = EventRule(type: EventType(rawValue: "n"), weight: 0, details: "", effect: EventEffect(steps: []))
        let some = EventRule(type: EventType(rawValue: "s"), weight: 2, details: "", effect: EventEffect(steps: []))
        var simulator = try EventSimulator(domain: self.domain([none, some, none]), customerIDs: ["a"], seed: 1)
        for _ in 0..<100 { #expect(simulator.next(at: Timestamp(microseconds: 0)).type.rawValue == "s") }
    }

    @Test("the same seed gives the same bytes")
    func seeds() throws {
        func bytes(_ seed: UInt64) throws -> [[UInt8]] {
            var simulator = try EventSimulator(domain: .telco, customerIDs: ["a", "b", "c"], seed: seed)
            return (0..<100).map { simulator.next(at: Timestamp(microseconds: Int64($0))).json }
        }
        #expect(try bytes(1) == bytes(1))
        #expect(try bytes(1) != bytes(2))
    }

    @Test("without customers or event types there is no simulator")
    func nothingToDo() {
        #expect(throws: ChurnError.self) { try EventSimulator(domain: .telco, customerIDs: [], seed: 1) }
        #expect(throws: ChurnError.self) { try EventSimulator(domain: self.domain([]), customerIDs: ["a"], seed: 1) }
    }
}
