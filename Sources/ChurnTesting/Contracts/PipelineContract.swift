public import ChurnCore
public import ChurnInsight
import ChurnMemory

/// The contract of a pipeline over every store that it can write to.
public enum PipelineContract {
    /// A fresh store that customers come into and cases are read from.
    public typealias Subject = StoreUnderTest<
        any TransactionalStore & CustomerDirectory & CaseStore & UpdateLog & DeadLetterStore
    >
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = [
        Check("an event that says that its customer has left raises no alert and no case; others of that score do") {
            subject, findings in
            let events = [("a", "contract_ended"), ("b", "contract_renewed"), ("c", "monthly_anniversary")]
            try await Self.run(events, on: subject)
            let page = try await subject.store.cases(CaseQuery(), at: StoreSamples.time)
            findings.expectEqual(page.cases.map(\.customerID), ["c", "b"], "the customers with a case")
            findings.expectEqual(
                try await Self.frameTypes(subject), ["new_event", "churn_alert", "churn_alert"], "the frames' types")
        },
        Check("what comes after a customer has left is its coming back, and a risk then is a new one with a case") {
            subject, findings in
            try await Self.run([("a", "contract_ended"), ("a", "monthly_anniversary")], on: subject)
            let page = try await subject.store.cases(CaseQuery(), at: StoreSamples.time)
            findings.expectEqual(page.cases.map(\.customerID), ["a"], "the customers with a case")
            findings.expectEqual(try await Self.frameTypes(subject), ["new_event", "churn_alert"], "the frames' types")
            let state = try await subject.store.states(for: ["a"])["a"]
            findings.expectEqual(state?.leftAt, nil, "when the customer left")
            findings.expectEqual(state?.alert.isAtRisk, true, "whether the customer is at risk")
            findings.expectEqual(state?.latest?.probability, Self.probability, "the score")
        },
        Check("an event that spells a customer's id in another way is set aside and leaves the customer alone") {
            subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("\u{E9}")])
            try await Self.run([("e\u{301}", "monthly_anniversary")], on: subject, imports: false)
            let letters = try await subject.store.deadLetters(after: 0, status: .open, limit: 10)
            findings.expectEqual(letters.map(\.rejection.code), [.invalidField], "the dead letters' codes")
            let state = try await subject.store.states(for: ["\u{E9}"])["\u{E9}"]
            findings.expectEqual(state?.latest, nil, "the customer's score")
            findings.expectEqual(state?.features, subject.samples.customer("\u{E9}").features, "the features")
        },
        Check("a customer that is imported again between two of its events is scored as it is then") {
            subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("a", 1)])
            let log = InMemoryEventLog(name: subject.samples.name)
            log.append("a", "monthly_anniversary")
            async let done: Void = Self.run(log, on: subject)
            while try await subject.store.states(for: ["a"])["a"]?.latest == nil {
                try await Task.sleep(for: .milliseconds(2))
            }
            _ = try await subject.store.importCustomers([subject.samples.customer("a", 2)])
            log.append("a", "monthly_anniversary")
            log.finish()
            try await done
            var expected = subject.samples.customer("a", 2).features
            subject.domain.events[EventType(rawValue: "monthly_anniversary")]?.effect.apply(to: &expected)
            let state = try await subject.store.states(for: ["a"])["a"]
            findings.expectEqual(state?.features, expected, "the features")
        },
    ]

    private static let probability = 0.875

    /// Scores all customers alike, above the threshold of alerts.
    private struct HighPredictor: Predictor {
        let model = ModelIdentity(version: "high")
        func predict(_ rows: [[FeatureValue]]) async throws -> [Double] { rows.map { _ in probability } }
    }

    /// Runs a pipeline over events of one partition, whose customers are there, until all are written.
    private static func run(
        _ events: [(customer: String, type: String)], on subject: Subject, imports: Bool = true
    ) async throws {
        if imports {
            let customers = Set(events.map(\.customer)).sorted().map { subject.samples.customer($0) }
            _ = try await subject.store.importCustomers(customers)
        }
        let log = InMemoryEventLog(name: subject.samples.name)
        for event in events { log.append(event.customer, event.type) }
        log.finish()
        try await Self.run(log, on: subject)
    }

    /// Runs a pipeline over a log until it ends.
    private static func run(_ log: InMemoryEventLog, on subject: Subject) async throws {
        var domain = subject.domain
        for (type, hasChurned) in [("contract_ended", true), ("contract_renewed", false)] {
            let type = EventType(rawValue: type)
            domain.events[type] = EventRule(
                type: type, weight: 0, details: "", effect: EventEffect(steps: []), hasChurned: hasChurned)
        }
        try await Pipeline(
            source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: domain)), store: subject.store,
            models: ModelSlot(HighPredictor()), broadcaster: InMemoryBroadcaster(handler: { _ in }), domain: domain
        ).run()
    }

    private static func frameTypes(_ subject: Subject) async throws -> [String] {
        let page = try await subject.store.updates(after: UpdateCursor(), limit: 100)
        return page.blocks.flatMap { ($0.readHeaders() ?? []).map(\.type) }
    }
}

extension InMemoryEventLog {
    fileprivate func append(_ customer: String, _ type: String) {
        self.append(
            key: Array(customer.utf8), value: Array(#"{"event_type":"\#(type)","user_id":"\#(customer)"}"#.utf8))
    }
}
