import ChurnCore
import ChurnInsight

extension CustomerQueriesContract {
    static let histories: [Check] = [
        Check("events of all customers come newest first, before a number, duplicates with no score") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            let empty = try await subject.queries.events(before: nil, limit: 5)
            findings.expectEqual(empty, [], "the events before there are any")
            try await scene.add(["a", "b"].map { scene.customer($0) })
            var numbers: [Int64] = []
            for (index, score) in [0.25, 0.5, nil, 0.75, 0.125].enumerated() {
                numbers.append(try await scene.event(index % 2 == 0 ? "a" : "b", score, at: 9 - index))
            }
            try await scene.rescore("a", 0.5)
            let all = try await subject.queries.events(before: nil, limit: 10)
            findings.expectEqual(all.map(\.event.eventID), numbers.reversed(), "the numbers")
            findings.expectEqual(all.map(\.customerID), ["a", "b", "a", "b", "a"], "the customers")
            findings.expectEqual(all.map(\.event.probability), [0.125, 0.75, nil, 0.5, 0.25], "the scores")
            findings.expectEqual(all.map(\.isAlert), [false, true, false, false, false], "the alerts")
            findings.expectEqual(
                all.map(\.event.time), [5, 6, 7, 8, 9].map(QueryScene.time), "the times")
            for event in all { findings.expect(!event.event.json.isEmpty, "the event has no JSON") }
            let two = try await subject.queries.events(before: numbers[3], limit: 2)
            findings.expectEqual(two.map(\.event.eventID), [numbers[2], numbers[1]], "two before the fourth")
            let none = try await subject.queries.events(before: numbers[0], limit: 2)
            findings.expectEqual(none, [], "the events before the first")
            let far = try await subject.queries.events(before: Int64.max, limit: 1)
            findings.expectEqual(far.map(\.event.eventID), [numbers[4]], "the event before the largest number")
        },
        Check("alerts come newest first, before a number, with their customers as they are now") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add(["a", "b"].map { scene.customer($0) })
            var numbers: [Int64] = []
            for (id, score) in [("a", 0.9), ("b", 0.3), ("b", 0.8), ("a", 0.75), ("a", 0.1)] {
                numbers.append(try await scene.event(id, score))
            }
            let all = try await subject.queries.alerts(before: nil, limit: 10)
            findings.expectEqual(
                all.map(\.eventID), [numbers[3], numbers[2], numbers[0]], "the numbers")
            let states = try await subject.store.states(for: ["a", "b"])
            let fields = subject.domain.updateFields
            findings.expectEqual(
                all.map(\.shown),
                ["a", "b", "a"].map { id in states[id].map { state in fields.map { state.features[$0.feature] } } },
                "the customers")
            findings.expectEqual(all.map(\.probability), [0.75, 0.8, 0.9], "the scores")
            let one = try await subject.queries.alerts(before: numbers[3], limit: 1)
            findings.expectEqual(one.map(\.eventID), [numbers[2]], "one before the newest")
        },
        Check("a long page of alerts shows customers as a short one does, also those who came or changed since") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([
                scene.customer("a", segment: "Two year", value: 19.99, tenure: 3), scene.customer("b"),
                scene.customer("c", value: 1.0 / 3),
            ])
            for id in ["a", "b", "c"] { try await scene.event(id, 0.9) }
            try await subject.queries.refresh()
            func compare(_ what: String) async throws {
                let long = try await subject.queries.alerts(before: nil, limit: 7_048)
                let short = try await subject.queries.alerts(before: nil, limit: 4)
                findings.expectEqual(long, short, what)
                findings.expect(long.allSatisfy { $0.shown?.count == subject.domain.updateFields.count }, what)
            }
            try await compare("the alerts")
            try await scene.add([scene.customer("d", segment: "One year", value: 70, tenure: 40)])
            try await scene.event("d", 0.8)
            try await compare("the alerts after a customer came")
            try await scene.add([scene.customer("a", segment: "New", value: 25), scene.customer("b", value: 20)])
            try await subject.queries.refresh()
            try await compare("the alerts after features changed")
        },
        Check("a page of alerts is the same in portions, and is what short pages are together") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add(["a", "b"].map { scene.customer($0) })
            var numbers: [Int64] = []
            for index in 0..<9 { numbers.append(try await scene.event(index % 3 == 0 ? "b" : "a", 0.9)) }
            try await subject.queries.refresh()
            func inPortions(before number: Int64?, _ limit: Int) async throws -> [LoggedAlert] {
                var alerts: [LoggedAlert] = []
                try await subject.queries.alerts(before: number, limit: limit) { alerts += $0 }
                return alerts
            }
            for start in [nil, numbers[8], numbers[5], numbers[0]] {
                var all: [LoggedAlert] = []
                while true {
                    let page = try await subject.queries.alerts(before: all.last?.eventID ?? start, limit: 1)
                    all += page
                    if page.isEmpty { break }
                }
                findings.expectEqual(
                    all.map(\.eventID), numbers.reversed().filter { $0 < start ?? .max }, "the numbers")
                for limit in [2, 5, 6, 7, 8, 9, 10, 7_048] {
                    let wanted = Array(all.prefix(limit))
                    let whole = try await subject.queries.alerts(before: start, limit: limit)
                    findings.expectEqual(whole, wanted, "a page of \(limit)")
                    let portions = try await inPortions(before: start, limit)
                    findings.expectEqual(portions, wanted, "a page of \(limit) in portions")
                }
            }
        },
    ]

    static let timelines: [Check] = [
        Check("a timeline mixes events, scores and interventions, newest first") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add(["a", "b"].map { scene.customer($0) })
            let late = try await scene.event("a", 0.5, at: 50)
            let early = try await scene.event("a", 0.25, at: 10)
            try await scene.event("b", 0.25, at: 15)
            let call = try await scene.intervention("a", "call", at: 20)
            try await scene.intervention("b", "other", at: 21)
            let rescore = try await scene.rescore("a", 0.75, at: 30)
            let duplicate = try await scene.event("a", nil, at: 40)
            let all = try findings.require(
                try await subject.queries.timeline(of: "a", before: nil, limit: 10), "the timeline")
            let expected = [
                "event \(late)", "event \(duplicate)", "score \(rescore)", "did \(call.id)", "event \(early)",
            ]
            findings.expectEqual(all.map(Self.label), expected, "the timeline")
            findings.expectEqual(all.map(\.time), [50, 40, 30, 20, 10].map(QueryScene.time), "the times")
            findings.expect(all.contains(.intervention(call)), "the intervention is not as it was logged")
            findings.expect(
                all.contains(.score(eventID: rescore, time: QueryScene.time(30), probability: 0.75)),
                "the score is not as it was written")
            let page = try await subject.queries.timeline(of: "a", before: QueryScene.time(40), limit: 2)
            findings.expectEqual(page?.map(Self.label), Array(expected[2..<4]), "two before the duplicate")
            let rest = try await subject.queries.timeline(of: "a", before: QueryScene.time(10), limit: 2)
            findings.expectEqual(rest, [], "what came before the first")
        },
        Check("of one time, interventions stand before events and larger numbers before smaller") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([scene.customer("a")])
            let first = try await scene.event("a", 0.5, at: 5)
            let call = try await scene.intervention("a", "call", at: 5)
            let second = try await scene.rescore("a", 0.25, at: 5)
            let mail = try await scene.intervention("a", "mail", at: 5)
            let third = try await scene.event("a", 0.5, at: 5)
            let all = try await subject.queries.timeline(of: "a", before: nil, limit: 10)
            findings.expectEqual(
                all?.map(Self.label),
                ["did \(mail.id)", "did \(call.id)", "event \(third)", "score \(second)", "event \(first)"],
                "the timeline")
        },
        Check("there is no timeline of an unknown customer, and an empty one of a new customer") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([scene.customer("new")])
            let new = try await subject.queries.timeline(of: "new", before: nil, limit: 5)
            findings.expectEqual(new, [], "the timeline of a new customer")
            for id in ["nobody", "", "a\0b", "NEW"] {
                let unknown = try await subject.queries.timeline(of: id, before: nil, limit: 5)
                findings.expect(unknown == nil, "there is a timeline of an unknown customer")
            }
        },
    ]

    private static func label(_ entry: TimelineEntry) -> String {
        switch entry {
        case .event(let event): "event \(event.eventID)"
        case .score(let eventID, _, _): "score \(eventID)"
        case .intervention(let intervention): "did \(intervention.id)"
        case .step(let change): "step \(change.caseID), \(change.version)"
        }
    }
}
