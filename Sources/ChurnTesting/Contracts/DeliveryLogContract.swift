import ChurnCore
public import ChurnInsight

/// The contract of every delivery log: each update is taken up once, and each delivery is tried by one node at a time.
public enum DeliveryLogContract {
    /// A fresh log.
    public typealias Subject = StoreUnderTest<any DeliveryLog>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    private static let lease = Duration.seconds(600)

    /// Every promise.
    public static let checks: [Check] = [
        Check("there is no cursor before the first time, and the last one afterwards") { subject, findings in
            let none = try await subject.store.deliveryCursor(of: "a")
            findings.expect(none == nil, "there is a cursor")
            try await Self.add([], from: nil, to: 3, subject, findings)
            try await Self.add([], from: 3, to: 9, subject, findings)
            let cursor = try await subject.store.deliveryCursor(of: "a")
            findings.expectEqual(cursor, Self.cursor(9, subject), "the cursor")
            let other = try await subject.store.deliveryCursor(of: "b")
            findings.expect(other == nil, "another webhook has the cursor too")
        },
        Check("a node that was slower adds nothing and moves nothing") { subject, findings in
            try await Self.add([Self.new(1)], from: nil, to: 3, subject, findings)
            for from in [nil, Int64(2), 4] {
                let added = try await subject.store.addDeliveries(
                    [Self.new(7)], to: "a", from: from.map { Self.cursor($0, subject) }, to: Self.cursor(8, subject))
                findings.expect(!added, "it was added from \(String(describing: from))")
            }
            let cursor = try await subject.store.deliveryCursor(of: "a")
            findings.expectEqual(cursor, Self.cursor(3, subject), "the cursor")
            let log = try await subject.store.deliveries(of: nil, status: nil, before: nil, limit: 10)
            findings.expectEqual(log.map(\.eventID), [1], "the deliveries")
        },
        Check("of nodes at the same place, one moves on") { subject, findings in
            try await Self.add([], from: nil, to: 0, subject, findings)
            for place in Int64(0)..<3 {
                let moved = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for node in 0..<6 {
                        group.addTask {
                            try await subject.store.addDeliveries(
                                [Self.new(place * 10 + Int64(node))], to: "a", from: Self.cursor(place, subject),
                                to: Self.cursor(place + 1, subject))
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                findings.expectEqual(moved, 1, "the number of nodes that moved on")
            }
            let log = try await subject.store.deliveries(of: "a", status: nil, before: nil, limit: 100)
            findings.expectEqual(log.count, 3, "the number of deliveries")
        },
        Check("an event has one delivery for each webhook, the first") { subject, findings in
            try await Self.add([Self.new(1, "first")], from: nil, to: 1, subject, findings)
            try await Self.add([Self.new(1, "second"), Self.new(2)], from: 1, to: 2, subject, findings)
            let own = try await subject.store.addDeliveries(
                [Self.new(1, "other")], to: "b", from: nil, to: Self.cursor(1, subject))
            findings.expect(own, "the other webhook got none")
            let log = try await subject.store.deliveries(of: nil, status: nil, before: nil, limit: 10)
            findings.expectEqual(Set(log.map { "\($0.webhook) \($0.key)" }), ["a first", "a key 2", "b other"], "keys")
        },
        Check("a claim has every byte, and no other worker gets it while its lease runs") { subject, findings in
            let content = NewDelivery(eventID: 5, key: "k", body: Array(0...255))
            try await Self.add([content], from: nil, to: 1, subject, findings)
            let claims = try await subject.store.claimDeliveries(of: "a", limit: 10, lease: Self.lease)
            let claim = try findings.require(claims.first, "the claim")
            findings.expectEqual(claim.content, content, "the content")
            findings.expectEqual(claim.attempt, 1, "the attempt")
            for webhook in ["a", "b"] {
                let others = try await subject.store.claimDeliveries(of: webhook, limit: 10, lease: Self.lease)
                findings.expectEqual(others, [], "what others get")
            }
        },
        Check("of many nodes that claim at once, each gets other deliveries, and together they get all") {
            subject, findings in
            try await Self.add((0..<40).map { Self.new($0) }, from: nil, to: 1, subject, findings)
            let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var mine: [Int64] = []
                        // Bounded, for logs that give out the same deliveries again and again.
                        for _ in 0..<40 {
                            let claims = try await subject.store.claimDeliveries(of: "a", limit: 3, lease: Self.lease)
                            if claims.isEmpty { break }
                            mine += claims.map(\.content.eventID)
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: [Int64]()) { $0 += $1 }
            }
            // A row that another node holds is skipped, so that a node may stop early while others still claim.
            findings.expectEqual(Set(claimed).count, claimed.count, "the number of different claims")
            let left = try await subject.store.claimDeliveries(of: "a", limit: 100, lease: Self.lease)
            findings.expectEqual((claimed + left.map(\.content.eventID)).sorted(), Array(0..<40), "the claims")
        },
        Check("what a dead node had claimed is given to another, with the same key, and the dead one's word is void") {
            subject, findings in
            try await Self.add([Self.new(1)], from: nil, to: 1, subject, findings)
            let dead = try findings.require(
                try await subject.store.claimDeliveries(of: "a", limit: 1, lease: .zero).first, "the first claim")
            let next = try findings.require(
                try await subject.store.claimDeliveries(of: "a", limit: 1, lease: Self.lease).first, "the second claim")
            findings.expectEqual(next.content, dead.content, "the content")
            findings.expectEqual(next.attempt, 2, "the attempt")
            let late = try await subject.store.finish(dead, with: DeliveryResult(.failed, error: "late"))
            findings.expect(!late, "the dead node's word counted")
            let own = try await subject.store.finish(next, with: DeliveryResult(.delivered, httpStatus: 204))
            findings.expect(own, "the second node's word did not count")
            let line = try findings.require(try await Self.log(subject).first, "the line of the log")
            findings.expectEqual(line.status, .delivered, "the status")
        },
        Check("a finished delivery is not tried again, and its line says how it ended") { subject, findings in
            try await Self.add([Self.new(1), Self.new(2)], from: nil, to: 1, subject, findings)
            let claims = try await subject.store.claimDeliveries(of: "a", limit: 2, lease: .zero)
            for claim in claims {
                let result =
                    claim.content.eventID == 1
                    ? DeliveryResult(.delivered, httpStatus: 200)
                    : DeliveryResult(.failed, httpStatus: 410, error: "gone")
                let counted = try await subject.store.finish(claim, with: result)
                findings.expect(counted, "the result did not count")
                let again = try await subject.store.finish(claim, with: DeliveryResult(.failed))
                findings.expect(!again, "a second result counted")
            }
            let more = try await subject.store.claimDeliveries(of: "a", limit: 2, lease: Self.lease)
            findings.expectEqual(more, [], "further claims")
            let log = try await Self.log(subject).sorted { $0.eventID < $1.eventID }
            findings.expectEqual(log.map(\.status), [.delivered, .failed], "the statuses")
            findings.expectEqual(log.map(\.httpStatus), [200, 410], "the HTTP statuses")
            findings.expectEqual(log.map(\.error), [nil, "gone"], "the errors")
            findings.expectEqual(log.map(\.attempts), [1, 1], "the attempts")
            findings.expect(log.allSatisfy { $0.finishedAt != nil && $0.attemptedAt != nil }, "times are missing")
        },
        Check("a delivery to be tried again is not due before its pause is over") { subject, findings in
            try await Self.add([Self.new(1), Self.new(2)], from: nil, to: 1, subject, findings)
            for claim in try await subject.store.claimDeliveries(of: "a", limit: 2, lease: Self.lease) {
                let pause: Duration = claim.content.eventID == 1 ? .zero : .seconds(600)
                try await subject.store.finish(claim, with: DeliveryResult(.retry(after: pause), error: "timeout"))
            }
            let due = try await subject.store.claimDeliveries(of: "a", limit: 2, lease: Self.lease)
            findings.expectEqual(due.map(\.content.eventID), [1], "what is due")
            findings.expectEqual(due.map(\.attempt), [2], "the attempt")
            let log = try await Self.log(subject)
            findings.expect(log.allSatisfy { $0.status == .pending && $0.error == "timeout" }, "the log is \(log)")
        },
        Check("the log is listed newest first, by webhook and status, page after page") { subject, findings in
            try await Self.add((0..<7).map { Self.new($0) }, from: nil, to: 1, subject, findings)
            _ = try await subject.store.addDeliveries(
                [Self.new(50)], to: "b", from: nil, to: Self.cursor(1, subject))
            var found: [Delivery] = []
            for _ in 0..<10 {
                let page = try await subject.store.deliveries(of: "a", status: nil, before: found.last?.id, limit: 3)
                findings.expect(page.count <= 3, "a page has \(page.count) lines")
                if page.isEmpty { break }
                found += page
            }
            findings.expectEqual(found.count, 7, "the number of lines")
            findings.expect(zip(found, found.dropFirst()).allSatisfy { $0.id > $1.id }, "the order is \(found)")
            let pending = try await subject.store.deliveries(of: nil, status: .pending, before: nil, limit: 100)
            findings.expectEqual(pending.count, 8, "the number of pending ones")
            let failed = try await subject.store.deliveries(of: nil, status: .failed, before: nil, limit: 100)
            findings.expectEqual(failed, [], "the failed ones")
        },
    ]

    private static func new(_ event: Int64, _ key: String? = nil) -> NewDelivery {
        NewDelivery(eventID: event, key: key ?? "key \(event)", body: Array("body \(event)".utf8))
    }

    private static func cursor(_ number: Int64, _ subject: Subject) -> UpdateCursor {
        UpdateCursor(seen: [subject.samples.partition(0): number, subject.samples.partition(3): 7])
    }

    private static func add(
        _ deliveries: [NewDelivery], from: Int64?, to: Int64, _ subject: Subject, _ findings: ContractFindings
    ) async throws {
        let added = try await subject.store.addDeliveries(
            deliveries, to: "a", from: from.map { Self.cursor($0, subject) }, to: Self.cursor(to, subject))
        findings.expect(added, "the cursor did not move from \(String(describing: from)) to \(to)")
    }

    private static func log(_ subject: Subject) async throws -> [Delivery] {
        try await subject.store.deliveries(of: "a", status: nil, before: nil, limit: 100)
    }
}
