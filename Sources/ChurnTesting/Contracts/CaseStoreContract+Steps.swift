import ChurnCore
import ChurnInsight

extension CaseStoreContract {
    static let steps: [Check] = [
        Check("each step is kept with who took it and when, and the version rises by one") { subject, findings in
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            let until = Self.now.advanced(by: .seconds(3_600))
            let course: [(CaseStep, CaseStatus, assignee: String?, until: Timestamp?, outcome: String?)] = [
                (.acknowledge, .acknowledged, nil, nil, nil), (.assign(to: "Lee"), .assigned, "Lee", nil, nil),
                (.snooze(until: until), .snoozed, "Lee", until, nil),
                (.resolve(outcome: "called: \"stays\" 😀"), .resolved, "Lee", nil, "called: \"stays\" 😀"),
                (.reopen, .open, nil, nil, nil), (.assign(to: "Kim"), .assigned, "Kim", nil, nil),
            ]
            for (version, expected) in course.enumerated() {
                let time = Self.now.advanced(by: .seconds(Int64(version)))
                let customerCase = try await Self.take(expected.0, on: id, Int64(version), subject, findings, at: time)
                let handling = CaseHandling(
                    status: expected.1, assignee: expected.assignee, snoozedUntil: expected.until,
                    outcome: expected.outcome, changedBy: "Kim", changedAt: time, version: Int64(version) + 1)
                findings.expectEqual(customerCase.handling, handling, "what was done")
                let read = try await subject.store.customerCase(id: id)
                findings.expectEqual(read, customerCase, "the case as it is read afterwards")
            }
        },
        Check("a step based on an older version changes nothing") { subject, findings in
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            let first = try await Self.take(.assign(to: "Lee"), on: id, 0, subject, findings)
            for version in [Int64(0), 2, -1, .max] {
                let late = try await subject.store.take(.acknowledge, on: id, version: version, by: "x", at: Self.now)
                findings.expectEqual(late, .outdated(first), "the outcome at version \(version)")
            }
            let read = try await subject.store.customerCase(id: id)
            findings.expectEqual(read, first, "the case")
        },
        Check("of many who act on one version at once, one succeeds") { subject, findings in
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            for version in Int64(0)..<3 {
                let outcomes = try await withThrowingTaskGroup(of: CaseStepResult.self) { group in
                    for person in 0..<8 {
                        group.addTask {
                            try await subject.store.take(
                                .assign(to: "P\(person)"), on: id, version: version, by: "P\(person)", at: Self.now)
                        }
                    }
                    return try await group.reduce(into: [CaseStepResult]()) { $0.append($1) }
                }
                let changed = outcomes.compactMap { if case .changed(let next) = $0 { next } else { nil } }
                findings.expectEqual(changed.count, 1, "the number of successes")
                let read = try await subject.store.customerCase(id: id)
                findings.expectEqual(read, changed.first, "the case")
            }
        },
        Check("a snoozed case is open again when its time is over, and stays with its assignee") {
            subject, findings in
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            let until = Self.now.advanced(by: .seconds(60))
            try await Self.take(.assign(to: "Lee"), on: id, 0, subject, findings)
            try await Self.take(.snooze(until: until), on: id, 1, subject, findings)
            for (time, status) in [(Self.now, CaseStatus.snoozed), (until, .open)] {
                for candidate in CaseStatus.allCases {
                    let page = try await subject.store.cases(
                        CaseQuery(statuses: [candidate], assignee: "Lee"), at: time)
                    findings.expectEqual(page.cases.count, candidate == status ? 1 : 0, "those listed as \(candidate)")
                }
            }
            let again = try await subject.store.take(.reopen, on: id, version: 2, by: "x", at: until)
            if case .refused = again {} else { findings.expect(false, "reopening an open one gives \(again)") }
        },
        Check("a resolved case takes no step but reopening, an open one not that") { subject, findings in
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            let open = try findings.require(try await subject.store.customerCase(id: id), "the case")
            let reopened = try await subject.store.take(.reopen, on: id, version: 0, by: "x", at: Self.now)
            findings.expectEqual(reopened, .refused(open), "the outcome of reopening")
            let resolved = try await Self.take(.resolve(outcome: "done"), on: id, 0, subject, findings)
            for step in [
                CaseStep.acknowledge, .assign(to: "x"), .snooze(until: Self.now.advanced(by: .seconds(1))),
                .resolve(outcome: "again"),
            ] {
                let outcome = try await subject.store.take(step, on: id, version: 1, by: "x", at: Self.now)
                findings.expectEqual(outcome, .refused(resolved), "the outcome of \(step)")
            }
        },
        Check("an unknown case takes no step") { subject, findings in
            let id = try await Self.raise([("a", 0.2, false)], subject)[0]
            for unknown in [id, id + 1_000, 0, -1, .max] {
                let outcome = try await subject.store.take(.acknowledge, on: unknown, version: 0, by: "x", at: Self.now)
                findings.expectEqual(outcome, .unknown, "the outcome")
            }
        },
    ]
}
