public import ChurnCore
public import ChurnInsight

/// The contract of every case store: a case is there as soon as its event is, no one's step is lost to another's,
/// and every step that was taken is written down.
public enum CaseStoreContract {
    /// A fresh store that also writes batches.
    public typealias Subject = StoreUnderTest<
        any CaseStore & PredictionSink & AuditLog & CustomerDirectory & InterventionLog & ModelRecords
    >
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    static let now = StoreSamples.time.advanced(by: .seconds(86_400))

    /// Every promise.
    public static let checks: [Check] = Self.listing + Self.steps + Self.histories + Self.customers

    private static let listing: [Check] = [
        Check("an event that made its customer one at risk is an open case, and no other event is one") {
            subject, findings in
            let ids = try await Self.raise([("a", 0.75, true), ("b", 0.9, false), ("c", 0.2, false)], subject)
            let page = try await subject.store.cases(CaseQuery(), at: Self.now)
            findings.expectEqual(page.cases.map(\.id), [ids[0]], "the cases' numbers")
            findings.expect(!page.hasMore, "there are said to be more")
            let customerCase = try findings.require(page.cases.first, "the case")
            let event = subject.samples.event("a", offset: 0)
            findings.expectEqual(customerCase.customerID, "a", "the customer")
            findings.expectEqual(customerCase.eventType, event.type, "the event's type")
            findings.expectEqual(customerCase.eventTime, event.time, "the event's time")
            findings.expectEqual(customerCase.probability, 0.75, "the probability")
            findings.expectEqual(customerCase.band, subject.domain.bands.band(of: 0.75), "the band")
            findings.expectEqual(customerCase.handling, CaseHandling(), "what was done")
            let same = try await subject.store.customerCase(id: ids[0])
            findings.expectEqual(same, customerCase, "the case by its number")
            let other = try await subject.store.customerCase(id: ids[1])
            findings.expect(other == nil, "an event that is no case is one by its number")
        },
        Check("a case has the feature that raised its score most, and none where the event was not explained") {
            subject, findings in
            let columns = subject.domain.schema.features.map(\.column)
            let reasons = [Reason(feature: 0, contribution: -2), Reason(feature: 1, contribution: 1)]
            let explained = try await Self.raise([("a", 0.75, true)], subject, reasons: reasons)
            let plain = try await Self.raise([("b", 0.75, true)], subject, from: 100)
            let page = try await subject.store.cases(CaseQuery(), at: Self.now)
            findings.expectEqual(page.cases.map(\.reason), [nil, columns[1]], "the reasons")
            let one = try await subject.store.customerCase(id: explained[0])
            findings.expectEqual(one?.reason, columns[1], "the reason of the case by its number")
            let other = try await subject.store.customerCase(id: plain[0])
            findings.expect(other != nil && other?.reason == nil, "the other case has a reason")
        },
        Check("cases are listed newest first, page after page, each once, while others come") { subject, findings in
            let first = try await Self.raise((0..<12).map { ("C\($0)", 0.8, true) }, subject)
            var found: [Int64] = []
            for _ in 0..<6 {
                let page = try await subject.store.cases(CaseQuery(before: found.last, limit: 5), at: Self.now)
                findings.expect(page.cases.count <= 5, "a page has \(page.cases.count) cases")
                found += page.cases.map(\.id)
                if !page.hasMore { break }
                _ = try await Self.raise([("late", 0.8, true)], subject, from: Int64(100 + found.count))
            }
            findings.expectEqual(found, first.reversed(), "the numbers")
        },
        Check("filters by status, band, assignee and customer hold together") { subject, findings in
            let ids = try await Self.raise(
                [("a", 0.75, true), ("b", 0.9, true), ("a", 0.95, true), ("b", 0.75, true)], subject)
            try await Self.take(.assign(to: "Kim"), on: ids[1], 0, subject, findings)
            try await Self.take(.assign(to: "Lee"), on: ids[2], 0, subject, findings)
            let queries: [(CaseQuery, [Int])] = [
                (CaseQuery(statuses: [.open]), [3, 0]), (CaseQuery(statuses: [.assigned]), [2, 1]),
                (CaseQuery(statuses: [.open, .assigned]), [3, 2, 1, 0]), (CaseQuery(statuses: [.resolved]), []),
                (CaseQuery(bands: [.critical]), [2, 1]), (CaseQuery(bands: [.high]), [3, 0]),
                (CaseQuery(bands: [.low]), []), (CaseQuery(assignee: "Kim"), [1]),
                (CaseQuery(assignee: "nobody"), []), (CaseQuery(customerID: "a"), [2, 0]),
                (CaseQuery(customerID: "x"), []), (CaseQuery(assignee: "Lee", customerID: "a"), [2]),
                (CaseQuery(statuses: [.open], bands: [.high], customerID: "b"), [3]),
                (CaseQuery(customerID: "'; --\u{0}"), []),
            ]
            for (query, expected) in queries {
                let page = try await subject.store.cases(query, at: Self.now)
                findings.expectEqual(page.cases.map(\.id), expected.map { ids[$0] }, "the cases of \(query)")
            }
        },
        Check("open cases are found behind those that people took, reopened and put off ones too") {
            subject, findings in
            let ids = try await Self.raise((0..<10).map { ("C\($0)", 0.8, true) }, subject)
            let later = Self.now.advanced(by: .seconds(10))
            for id in [ids[9], ids[7], ids[5], ids[3]] {
                try await Self.take(.acknowledge, on: id, 0, subject, findings)
            }
            try await Self.take(.snooze(until: later), on: ids[8], 0, subject, findings)
            try await Self.take(.snooze(until: later.advanced(by: .seconds(10))), on: ids[6], 0, subject, findings)
            try await Self.take(.reopen, on: ids[5], 1, subject, findings)
            for (statuses, time, expected) in [
                ([CaseStatus.open], Self.now, [5, 4, 2, 1, 0]), ([.open], later, [8, 5, 4, 2, 1, 0]),
                ([.snoozed], later, [6]), ([.open, .snoozed], later, [8, 6, 5, 4, 2, 1, 0]),
                ([], Self.now, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]), ([.acknowledged], later, [9, 7, 3]),
            ] as [(Set<CaseStatus>, Timestamp, [Int])] {
                var found: [Int64] = []
                for _ in 0..<10 {
                    let query = CaseQuery(statuses: statuses, before: found.last, limit: 2)
                    let page = try await subject.store.cases(query, at: time)
                    found += page.cases.map(\.id)
                    if !page.hasMore { break }
                }
                findings.expectEqual(found, expected.map { ids[$0] }, "the cases that are \(statuses)")
            }
            let counts = try await subject.store.caseCounts(openLimit: 100, at: later)
            findings.expectEqual(counts, [.open: 6, .acknowledged: 3, .snoozed: 1], "the counts")
        },
        Check("cases are counted by where they stand, open ones up to the limit") { subject, findings in
            let ids = try await Self.raise((0..<8).map { ("C\($0)", 0.8, true) }, subject)
            try await Self.take(.acknowledge, on: ids[0], 0, subject, findings)
            try await Self.take(.resolve(outcome: "kept"), on: ids[1], 0, subject, findings)
            try await Self.take(.snooze(until: Self.now.advanced(by: .seconds(10))), on: ids[2], 0, subject, findings)
            var counts = try await subject.store.caseCounts(openLimit: 100, at: Self.now)
            findings.expectEqual(counts, [.open: 5, .acknowledged: 1, .resolved: 1, .snoozed: 1], "the counts")
            counts = try await subject.store.caseCounts(openLimit: 3, at: Self.now)
            findings.expectEqual(counts[.open], 3, "the open ones up to 3")
            counts = try await subject.store.caseCounts(openLimit: 100, at: Self.now.advanced(by: .seconds(10)))
            findings.expectEqual(counts, [.open: 6, .acknowledged: 1, .resolved: 1], "the counts after the snooze")
        },
    ]

    /// Writes events with these probabilities that did or did not make their customers ones at risk.
    static func raise(
        _ events: [(customer: String, probability: Double, becameAtRisk: Bool)], _ subject: Subject, from: Int64 = 0,
        reasons: [Reason] = []
    ) async throws -> [Int64] {
        let samples = subject.samples
        let first = try await subject.store.reserveEventIDs(events.count)
        let scored = events.enumerated().map { index, event in
            let offset = from + Int64(index)
            var scored = samples.scored(
                samples.event(event.customer, partition: Int32(from % 1000), offset: offset), id: first + Int64(index),
                probability: event.probability)
            scored.prediction?.alert = AlertDecision(
                isAlert: samples.domain.alerts.countsAtRisk(event.probability), becameAtRisk: event.becameAtRisk)
            scored.prediction?.reasons = reasons
            return scored
        }
        let outcome = try await subject.store.write(
            ScoredBatch(
                ranges: [samples.range(Int32(from % 1000), from, from + Int64(events.count))], events: scored))
        guard outcome.isWritten else { throw ContractFindings.Stop() }
        return scored.map(\.eventID)
    }

    /// Takes a step that must succeed, and returns the case as it is then.
    @discardableResult
    static func take(
        _ step: CaseStep, on id: Int64, _ version: Int64, _ subject: Subject, _ findings: ContractFindings,
        at time: Timestamp = now
    ) async throws -> CustomerCase {
        let outcome = try await subject.store.take(step, on: id, version: version, by: "Kim", at: time)
        guard case .changed(let customerCase) = outcome else {
            _ = try findings.require(CustomerCase?.none, "the change by \(step) (the outcome is \(outcome))")
            throw ContractFindings.Stop()
        }
        return customerCase
    }
}
