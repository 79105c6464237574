import ChurnCore
import ChurnInsight

extension CustomerQueriesContract {
    static let scoreChanges: [Check] = [
        Check("changes of a score come newest first with their parts, and stand in the timeline") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add(["a", "b"].map { scene.customer($0) })
            let schema = subject.domain.schema
            let contributions = schema.features.indices.map { index in Double(index % 5) / 4 - 0.25 }
            let values: [(FeatureType, FeatureValue, FeatureValue)] = [
                (.numeric, .number(1.5), .missing), (.categorical, .text("a \"b\""), .text("c")),
                (.boolean, .boolean(true), .boolean(false)),
            ]
            let changed = values.compactMap { type, from, to in
                schema.features.firstIndex { $0.type == type }.map {
                    ChangedFeature(feature: $0, from: from, to: to)
                }
            }.sorted { $0.feature < $1.feature }
            let split = ScoreChange.Split(toMargin: 1.5, contributions: contributions, changed: changed)
            let moved = ScoreChange(fromProbability: 0.25, toProbability: 0.5, split: split)
            let other = ScoreChange(fromProbability: 0.5, toProbability: 0.75, split: nil)
            try await scene.event("a", 0.25, at: 1)
            let first = try await scene.event(
                "a", 0.5, at: 9,
                reasons: schema.features.indices.prefix(3).map { Reason(feature: $0, contribution: 0.5) },
                change: moved)
            let second = try await scene.event("a", 0.75, at: 5, change: other)
            try await scene.event("b", 0.5, at: 6)
            let changes = try findings.require(
                try await subject.queries.scoreChanges(of: "a", limit: 10), "the changes")
            findings.expectEqual(changes.map(\.eventID), [second, first], "the numbers")
            findings.expectEqual(changes.map(\.change), [other, moved], "the changes")
            let one = try await subject.queries.scoreChanges(of: "a", limit: 1)
            findings.expectEqual(one?.map(\.eventID), [second], "the newest change")
            let none = try await subject.queries.scoreChanges(of: "b", limit: 10)
            findings.expectEqual(none, [], "the changes of a customer whose score did not move")
            let unknown = try await subject.queries.scoreChanges(of: "nobody", limit: 10)
            findings.expectEqual(unknown, nil, "the changes of an unknown customer")
            let timeline = try await subject.queries.timeline(of: "a", before: nil, limit: 10) ?? []
            let inTimeline = timeline.map { entry -> ScoreChange? in
                guard case .event(let event) = entry else { return nil }
                return event.change
            }
            findings.expectEqual(inTimeline, [moved, other, nil], "the changes in the timeline")
        }
    ]
}
