import ChurnCore
import ChurnInsight

extension CaseStoreContract {
    static let histories: [Check] = [
        Check("a case's history has every step, newest first, with who took it, when, from where and to where") {
            subject, findings in
            let ids = try await Self.raise([("a", 0.8, true), ("b", 0.8, true), ("c", 0.2, false)], subject)
            let until = Self.now.advanced(by: .seconds(2))
            var expected: [CaseChange] = []
            func take(_ step: CaseStep, from: CaseStatus, to: CaseStatus, after seconds: Int64, _ more: CaseChange)
                async throws
            {
                let time = Self.now.advanced(by: .seconds(seconds))
                try await Self.take(step, on: ids[0], Int64(expected.count), subject, findings, at: time)
                var change = more
                change.version = Int64(expected.count) + 1
                (change.from, change.to, change.time) = (from, to, time)
                expected.append(change)
            }
            let blank = CaseChange(
                caseID: ids[0], version: 0, from: .open, to: .open, actor: "Kim", time: Self.now)
            try await take(.acknowledge, from: .open, to: .acknowledged, after: 0, blank)
            var change = blank
            change.assignee = "Lee"
            try await take(.assign(to: "Lee"), from: .acknowledged, to: .assigned, after: 1, change)
            change.snoozedUntil = until
            try await take(.snooze(until: until), from: .assigned, to: .snoozed, after: 1, change)
            change.snoozedUntil = nil
            change.outcome = "stays: \"für immer\" 😀"
            // The snooze is over by then.
            try await take(.resolve(outcome: "stays: \"für immer\" 😀"), from: .open, to: .resolved, after: 9, change)
            try await take(.reopen, from: .resolved, to: .open, after: 10, blank)
            let all = try await subject.store.changes(of: ids[0], before: nil, limit: 100)
            findings.expectEqual(all, expected.reversed(), "the history")
            let page = try await subject.store.changes(of: ids[0], before: 5, limit: 2)
            findings.expectEqual(page?.map(\.version), [4, 3], "the versions of a page")
            for limit in [0, -1] {
                let none = try await subject.store.changes(of: ids[0], before: nil, limit: limit)
                findings.expectEqual(none, [], "the history with a limit of \(limit)")
            }
            let untouched = try await subject.store.changes(of: ids[1], before: nil, limit: 10)
            findings.expectEqual(untouched, [], "the history of a case that was not touched")
            for id in [ids[2], ids[2] + 1_000, 0, -1] {
                let unknown = try await subject.store.changes(of: id, before: nil, limit: 10)
                findings.expectEqual(unknown, nil, "the history of what is no case")
            }
        },
        Check("a step comes with its audit entry, and nothing is kept of it where that cannot be") {
            subject, findings in
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            let open = try await subject.store.customerCase(id: id)
            await AuditSamples.expectRefusal(findings) {
                _ = try await subject.store.take(
                    .acknowledge, on: id, version: 0, by: "Kim", at: Self.now, audit: AuditSamples.refusedNote)
            }
            let same = try await subject.store.customerCase(id: id)
            findings.expectEqual(same, open, "the case after a refused entry")
            let nothing = try await subject.store.changes(of: id, before: nil, limit: 10)
            findings.expectEqual(nothing, [], "the history after a refused entry")
            try await AuditSamples.expect([], in: subject.store, findings)
            _ = try await subject.store.take(.acknowledge, on: id, version: 0, by: "Kim", at: Self.now) {
                AuditSamples.entry("\($0.from) to \($0.to), \($0.version)")
            }
            // What changes nothing is not written down.
            for (caseID, version) in [(id, Int64(0)), (id + 1_000, 0)] {
                _ = try await subject.store.take(
                    .acknowledge, on: caseID, version: version, by: "x", at: Self.now, audit: AuditSamples.note)
            }
            _ = try await subject.store.take(.reopen, on: id, version: 1, by: "x", at: Self.now)
            _ = try await subject.store.take(
                .reopen, on: id, version: 2, by: "x", at: Self.now, audit: AuditSamples.note)
            try await AuditSamples.expect(["open to acknowledged, 1"], in: subject.store, findings)
            let steps = try await subject.store.changes(of: id, before: nil, limit: 10)
            findings.expectEqual(steps?.map(\.version), [2, 1], "the versions of the history")
        },
        Check("of many who act at once, the audit log and the history name the one who succeeded") {
            subject, findings in
            let id = try await Self.raise([("a", 0.8, true)], subject)[0]
            await withTaskGroup(of: Void.self) { group in
                for person in 0..<8 {
                    group.addTask {
                        _ = try? await subject.store.take(
                            .acknowledge, on: id, version: 0, by: "P\(person)", at: Self.now
                        ) { AuditSamples.entry($0.actor) }
                    }
                }
            }
            let customerCase = try findings.require(try await subject.store.customerCase(id: id), "the case")
            let winner = try findings.require(customerCase.handling.changedBy, "who changed it")
            try await AuditSamples.expect([winner], in: subject.store, findings)
            let steps = try await subject.store.changes(of: id, before: nil, limit: 10)
            findings.expectEqual(steps?.map(\.actor), [winner], "who took the steps")
        },
    ]
}
