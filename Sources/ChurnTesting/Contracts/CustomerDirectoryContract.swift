public import ChurnCore
public import ChurnInsight
import Foundation

/// The contract of every customer directory with people and jobs.
public enum CustomerDirectoryContract {
    /// A fresh store that also writes events.
    public typealias Subject = StoreUnderTest<any CustomerDirectory & TransactionalStore>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = imports + lists + records

    private static let imports: [Check] = [
        Check("an import says how many customers were new") { subject, findings in
            let customers = subject.samples.customers(10)
            let first = try await subject.store.importCustomers(Array(customers.prefix(6)))
            findings.expectEqual(first, 6, "the number of new customers at first")
            let second = try await subject.store.importCustomers(customers)
            findings.expectEqual(second, 4, "the number of new customers at second")
            let count = try await subject.store.customerCount()
            findings.expectEqual(count, 10, "the number of customers")
        },
        Check("an import with an id that is not in normal form is refused as a whole") { subject, findings in
            let composed = subject.samples.customer("\u{E9}")
            for id in ["e\u{301}", "\u{212B}", "\u{1100}\u{1161}"] {
                do {
                    _ = try await subject.store.importCustomers([composed, subject.samples.customer(id)])
                    findings.expect(false, "an id in another form was imported")
                } catch let error as any ClassifiedError {
                    findings.expectEqual(error.disposition, .reject, "the disposition")
                }
            }
            let count = try await subject.store.customerCount()
            findings.expectEqual(count, 0, "the number of customers")
            let added = try await subject.store.importCustomers([composed])
            findings.expectEqual(added, 1, "the number of new customers")
        },
        Check("importing no customers changes nothing") { subject, findings in
            let added = try await subject.store.importCustomers([])
            let count = try await subject.store.customerCount()
            findings.expectEqual(added, 0, "the number of new customers")
            findings.expectEqual(count, 0, "the number of customers")
        },
        Check("importing a customer again replaces the features, raises the version and keeps the score") {
            subject, findings in
            let samples = subject.samples
            _ = try await subject.store.importCustomers([samples.customer("again", 1)])
            let scored = try await Self.score("again", on: subject, findings)
            _ = try await subject.store.importCustomers([samples.customer("again", 2)])
            let after = try findings.require(
                try await subject.store.states(for: ["again"])["again"], "the customer after the import")
            findings.expectEqual(after.features, samples.features(2), "the features")
            findings.expect(
                after.version > scored.version, "the version went from \(scored.version) to \(after.version)")
            findings.expectEqual(after.latest, scored.latest, "the latest score")
            findings.expectEqual(after.alert, scored.alert, "the alert state")
        },
    ]

    private static let lists: [Check] = [
        Check("ids come in ascending order of their bytes, page after page, each once") { subject, findings in
            let ids = ["b", "a", "B", "ab", "a-1", "a1", "Ä", "é", "z", "日本", "0", "A", "10", "9"]
            _ = try await subject.store.importCustomers(ids.map { subject.samples.customer($0) })
            var found: [String] = []
            while let page = Optional(try await subject.store.customerIDs(after: found.last, limit: 3)), !page.isEmpty {
                findings.expect(page.count <= 3, "a page has \(page.count) ids")
                found += page
                if found.count > ids.count { break }
            }
            findings.expectEqual(
                found, ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, "the order of the ids")
        },
        Check("ids after one that does not exist begin with the next that does") { subject, findings in
            _ = try await subject.store.importCustomers(["a", "c", "e"].map { subject.samples.customer($0) })
            let found = try await subject.store.customerIDs(after: "b", limit: 10)
            findings.expectEqual(found, ["c", "e"], "the ids after b")
            let none = try await subject.store.customerIDs(after: "e", limit: 10)
            findings.expectEqual(none, [], "the ids after e")
        },
    ]

    private static let records: [Check] = [
        Check("there is no record of an unknown customer") { subject, findings in
            let record = try await subject.store.customer(id: "nobody", recentEvents: 5)
            findings.expect(record == nil, "there is a record")
        },
        Check("a record holds the state and the newest events, newest first, as they came and with their scores") {
            subject, findings in
            let samples = subject.samples
            _ = try await subject.store.importCustomers([samples.customer("c"), samples.customer("other")])
            let first = try await subject.store.reserveEventIDs(8)
            for index in 0..<8 {
                let event = samples.event(index % 4 == 3 ? "other" : "c", offset: Int64(index))
                _ = try await subject.store.write(
                    ScoredBatch(
                        ranges: [samples.range(0, Int64(index), Int64(index) + 1)],
                        events: [
                            samples.scored(event, id: first + Int64(index), probability: Double(index) / 16)
                        ]))
            }
            let record = try findings.require(
                try await subject.store.customer(id: "c", recentEvents: 4), "the customer's record")
            let state = try await subject.store.states(for: ["c"])["c"]
            findings.expectEqual(record.state, state, "the state")
            findings.expectEqual(record.recentEvents.map(\.eventID), [6, 5, 4, 2].map { first + $0 }, "the numbers")
            findings.expectEqual(
                record.recentEvents.map(\.probability), [6, 5, 4, 2].map { $0 / 16 }, "the probabilities")
            for event in record.recentEvents {
                let expected = samples.event("c", offset: event.eventID - first)
                findings.expectEqual(event.type, expected.type, "the event type")
                findings.expectEqual(event.time, expected.time, "the event time")
                findings.expectEqual(Self.fields(event.json), Self.fields(expected.json), "the event's JSON")
            }
        },
        Check("a duplicate is in the history without a score") { subject, findings in
            let samples = subject.samples
            _ = try await subject.store.importCustomers([samples.customer("c")])
            let id = try await subject.store.reserveEventIDs(1)
            _ = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(0, 0, 1)],
                    events: [
                        ScoredEvent(
                            eventID: id, event: samples.event("c", offset: 0, sourceEventID: "s"), prediction: nil)
                    ]))
            let record = try await subject.store.customer(id: "c", recentEvents: 5)
            findings.expectEqual(record?.recentEvents.map(\.eventID), [id], "the numbers")
            findings.expectEqual(record?.recentEvents.map(\.probability), [nil], "the probabilities")
        },
    ]

    private static func score(
        _ id: String, on subject: Subject, _ findings: ContractFindings
    ) async throws -> CustomerState {
        let samples = subject.samples
        let state = try findings.require(try await subject.store.states(for: [id])[id], "the customer")
        var change = samples.change(of: state, to: 1)
        change.featuresChanged = false
        change.state.features = state.features
        let eventID = try await subject.store.reserveEventIDs(1)
        let outcome = try await subject.store.write(
            ScoredBatch(
                ranges: [samples.range(0, 0, 1)], events: [samples.scored(samples.event(id, offset: 0), id: eventID)],
                changes: [change]))
        findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
        return change.state
    }

    /// A store may keep JSON in another spelling; its members must be the same.
    private static func fields(_ json: [UInt8]) -> [String: String]? {
        try? JSONDecoder().decode([String: String].self, from: Data(json))
    }
}
