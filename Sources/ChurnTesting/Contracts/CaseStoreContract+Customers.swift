import ChurnCore
import ChurnInsight

extension CaseStoreContract {
    /// The time at which the scores of ``customers`` are.
    private static let scoreTime = StoreSamples.time.advanced(by: .seconds(50))

    static let customers: [Check] = [
        Check("a case shows its customer as it is now, beside the score that raised it") { subject, findings in
            try await subject.add(["a", "b"])
            let ids = try await Self.raise([("a", 0.8, true), ("x", 0.8, true)], subject)
            try await Self.rescore("a", 0.95, subject, findings)
            let high = try findings.require(try await subject.store.customerCase(id: ids[0]), "the case")
            findings.expectEqual(high.probability, 0.8, "the score of the case")
            findings.expectEqual(high.customer?.latest?.probability, 0.95, "the score now")
            findings.expectEqual(high.customer?.latest?.band, .critical, "the band now")
            findings.expectEqual(high.customer?.isAtRisk, true, "whether it is at risk now")
            findings.expectEqual(high.customer?.standing(at: Self.now), .atRisk, "where it stands")
            try await Self.rescore("a", 0.2, subject, findings, offset: 1)
            let page = try await subject.store.cases(CaseQuery(), at: Self.now)
            let low = page.cases.last?.customer
            findings.expectEqual(low?.isAtRisk, false, "whether it is at risk after its score fell")
            findings.expectEqual(low?.standing(at: Self.now), .recovered, "where it stands after its score fell")
            findings.expectEqual(page.cases.first?.customer, nil, "the customer of a case that no one knows")
        },
        Check("a case says by itself that its customer has left, from that time on") { subject, findings in
            try await subject.add(["a"])
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            let left = Self.now.advanced(by: .seconds(-60))
            _ = try await subject.store.recordOutcomes([CustomerOutcome(customerID: "a", time: left, hasChurned: true)])
            let customer = try await subject.store.customerCase(id: id)?.customer
            findings.expectEqual(customer?.leftAt, left, "when it left")
            findings.expectEqual(customer?.standing(at: Self.now), .left, "where it stands")
            findings.expect(
                customer?.standing(at: left.advanced(by: .seconds(-1))) != .left, "it has left before its time")
        },
        Check("an intervention acknowledges its customer's open case, and the history names it") {
            subject, findings in
            try await subject.add(["a", "b"])
            let ids = try await Self.raise([("a", 0.8, true), ("a", 0.9, true), ("b", 0.8, true)], subject)
            try await Self.take(.resolve(outcome: "done"), on: ids[1], 0, subject, findings)
            let new = NewIntervention(
                customerID: "a", action: "call", agent: "Lee", time: StoreSamples.time, actionID: "call")
            let logged = try findings.require(try await subject.store.log(new, at: Self.now, audit: nil), "it")
            findings.expectEqual(logged.caseID, ids[0], "the case: the newest that is not resolved")
            findings.expectEqual(logged.actionID, "call", "the action")
            findings.expectEqual(logged.predictionID, ids[1], "the newest score")
            let record = try await subject.store.customer(id: "a", recentEvents: 1)
            findings.expectEqual(record?.interventions, [logged], "the intervention as it is read")
            let handling = try await subject.store.customerCase(id: ids[0])?.handling
            findings.expectEqual(
                handling,
                CaseHandling(status: .acknowledged, changedBy: "Lee", changedAt: Self.now, version: 1), "the case")
            let steps = try await subject.store.changes(of: ids[0], before: nil, limit: 5)
            findings.expectEqual(
                steps,
                [
                    CaseChange(
                        caseID: ids[0], version: 1, from: .open, to: .acknowledged, actor: "Lee", time: Self.now,
                        interventionID: logged.id)
                ], "the history")
            let open = try await subject.store.cases(CaseQuery(statuses: [.open]), at: Self.now)
            findings.expectEqual(open.cases.map(\.id), [ids[2]], "the open cases")
        },
        Check("an intervention leaves an assigned case with its assignee and a resolved one as it is") {
            subject, findings in
            try await subject.add(["a"])
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            try await Self.take(.assign(to: "Kim"), on: id, 0, subject, findings)
            let new = NewIntervention(customerID: "a", action: "call", agent: "Lee", time: Self.now, caseID: id)
            _ = try await subject.store.log(new)
            var handling = try await subject.store.customerCase(id: id)?.handling
            findings.expectEqual(handling?.status, .assigned, "the status")
            findings.expectEqual(handling?.assignee, "Kim", "the assignee")
            findings.expectEqual(handling?.version, 2, "the version")
            try await Self.take(.resolve(outcome: "done"), on: id, 2, subject, findings)
            let linked = try await subject.store.log(new)
            findings.expectEqual(linked?.caseID, id, "the case that it names")
            handling = try await subject.store.customerCase(id: id)?.handling
            findings.expectEqual(handling?.version, 3, "the version of the resolved case")
            let free = try await subject.store.log(NewIntervention(customerID: "a", action: "call", time: Self.now))
            findings.expectEqual(free?.caseID, nil, "the case where none is left")
        },
        Check("an intervention about another customer's case is refused, and nothing is kept") { subject, findings in
            try await subject.add(["a", "b"])
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            for caseID in [id, id + 1_000] {
                do {
                    _ = try await subject.store.log(
                        NewIntervention(customerID: "b", action: "call", time: Self.now, caseID: caseID))
                    findings.expect(false, "it was logged")
                } catch let error as ChurnError {
                    findings.expectEqual(error.code, .dataRefused, "the error")
                }
            }
            let record = try await subject.store.customer(id: "b", recentEvents: 1)
            findings.expectEqual(record?.interventions, [], "the interventions")
            let handling = try await subject.store.customerCase(id: id)?.handling
            findings.expectEqual(handling, CaseHandling(), "the case")
        },
        Check("what happened lately are steps, interventions and snoozes that ended") { subject, findings in
            try await subject.add(["a", "b"])
            let ids = try await Self.raise([("a", 0.8, true), ("b", 0.8, true)], subject)
            let until = Self.now.advanced(by: .seconds(60))
            try await Self.take(.snooze(until: until), on: ids[0], 0, subject, findings)
            let logged = try findings.require(
                try await subject.store.log(NewIntervention(customerID: "b", action: "call", time: Self.now)), "it")
            func lately(_ seconds: Int64) async throws -> Set<CaseActivity> {
                Set(
                    try await subject.store.caseActivity(
                        window: .seconds(300), at: Self.now.advanced(by: .seconds(seconds))))
            }
            var expected: Set<CaseActivity> = [
                CaseActivity(customerID: "b", kind: .intervention(logged))
            ]
            for (id, customer) in [(ids[0], "a"), (ids[1], "b")] {
                let steps = try await subject.store.changes(of: id, before: nil, limit: 5) ?? []
                for step in steps { expected.insert(CaseActivity(customerID: customer, kind: .step(step))) }
            }
            findings.expectEqual(expected.count, 3, "the number of entries")
            let before = try await lately(59)
            findings.expectEqual(before, expected, "the entries before the snooze ends")
            let after = try await lately(60)
            let due = CaseActivity(customerID: "a", kind: .due(caseID: ids[0], at: until))
            findings.expectEqual(after, expected.union([due]), "the entries after it")
            let later = try await lately(3_600)
            findings.expect(!later.contains(due), "a snooze that ended long ago is still said to have ended")
        },
    ]

    /// Writes a score without an event of a customer.
    private static func rescore(
        _ id: String, _ probability: Double, _ subject: Subject, _ findings: ContractFindings, offset: Int64 = 0
    ) async throws {
        let record = try findings.require(
            try await subject.store.customer(id: id, recentEvents: 0), "customer \(id)")
        let eventID = try await subject.store.reserveEventIDs(1)
        var prediction = subject.samples.prediction(id, probability, version: record.state.version)
        prediction.alert = AlertDecision(isAlert: false, becameAtRisk: false)
        let outcome = try await subject.store.write(
            ScoredBatch(
                ranges: [subject.samples.range(999, offset, offset + 1)],
                rescores: [Rescore(eventID: eventID, prediction: prediction, time: Self.scoreTime)]))
        findings.expect(outcome.isWritten, "the score was not written")
    }
}

extension CaseStoreContract.Subject {
    fileprivate func add(_ ids: [String]) async throws {
        _ = try await self.store.importCustomers(ids.map { self.samples.customer($0) })
    }
}
