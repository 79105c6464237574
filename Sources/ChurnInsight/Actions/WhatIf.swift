public import ChurnCore

/// Scores what staff could do for a customer, exactly: by the effect that each action has and the model that serves.
///
/// An action is possible for a customer where its conditions hold now and it changes a feature. A pair is offered where
/// both are possible, each still is after the other, and they do not depend on each other: neither sets a feature that
/// the other one sets, or adds to, or reads. Two actions that only add amounts to one feature go together. So the order
/// of a pair does not matter, but for the last digit of a sum; it is applied in the order of the domain file.
///
/// Features that follow from others (``/ChurnCore/Domain/links``) follow what an action changes. An outcome beyond the limits of
/// the domain is not offered; one unlike every customer that the model learned from says so (``ActionOutcome/caveats``).
public struct WhatIf: Sendable {
    /// Pairs are made of this many possible actions at most, the first, in the order of the domain file.
    public static let maximumPaired = 64

    private let domain: Domain
    private let model: LoadedModel
    /// Scores where the first one cannot.
    private let standIn: LoadedModel?
    private let fallback: @Sendable () -> Void

    /// Creates a what-if.
    ///
    /// - `distribution`: the customers that the predictor learned from; nil where that is not known.
    public init(domain: Domain, predictor: any Predictor, distribution: TrainingDistribution? = nil) {
        self.domain = domain
        self.model = LoadedModel(predictor: predictor, distribution: distribution)
        self.standIn = nil
        self.fallback = {}
    }

    /// Creates a what-if for a customer, with the model that serves this one.
    ///
    /// The champion replaces a challenger that fails, as it does where events are scored.
    ///
    /// - `fallback`: called where that happened.
    public init(
        domain: Domain, lineup: ModelLineup, customerID: String, fallback: @escaping @Sendable () -> Void = {}
    ) {
        self.domain = domain
        self.model = lineup.model(for: customerID)
        let isCanary = lineup.challenger != nil && lineup.canary.contains(customerID)
        self.standIn = isCanary ? lineup.champion : nil
        self.fallback = fallback
    }

    /// A combination before it is scored.
    private struct Candidate {
        var actions: [StaffAction]
        var label: String
        var features: [FeatureValue]
    }

    /// Returns the actions that are possible for a customer of a store; nil where it knows none of this id.
    ///
    /// - Throws: ``ActionScenarioError`` where the scenario cannot be played, and what store and predictor throw.
    public func report(
        on customerID: String, in store: some FeatureStore, scenario: ActionScenario = ActionScenario()
    ) async throws -> ActionReport? {
        guard let state = try await store.states(for: [customerID])[customerID] else { return nil }
        return try await self.report(on: state.features, scenario: scenario)
    }

    /// Returns the actions that are possible for a customer with these features.
    ///
    /// - Throws: ``ActionScenarioError`` where the scenario cannot be played, and what the predictor throws.
    public func report(
        on features: [FeatureValue], scenario: ActionScenario = ActionScenario()
    ) async throws -> ActionReport {
        let played = scenario.isEmpty ? nil : try self.candidate(for: scenario, features)
        let candidates = self.candidates(for: features)
        let rows = [features] + (played.map { [$0.features] } ?? []) + candidates.map(\.features)
        let (scores, model) = try await self.scores(of: rows)
        let reach = TrainingReach(model.distribution, schema: self.domain.schema, before: features)
        let outcomes = zip(candidates, scores.suffix(candidates.count))
            .map { self.outcome($0, before: features, from: scores[0], to: $1, reach) }
        return ActionReport(
            probability: scores[0], model: model.identity, value: self.domain.value(of: features),
            scenario: played.map { self.outcome($0, before: features, from: scores[0], to: scores[1], reach) },
            outcomes: outcomes.enumerated().sorted { a, b in
                a.element.precedes(b.element) || (!b.element.precedes(a.element) && a.offset < b.offset)
            }.map(\.element), isReachKnown: reach.isKnown)
    }

    private func scores(of rows: [[FeatureValue]]) async throws -> (scores: [Double], model: LoadedModel) {
        guard let standIn else { return (try await self.model.predictor.checkedScores(of: rows), self.model) }
        do {
            return (try await self.model.predictor.checkedScores(of: rows), self.model)
        } catch let error where !(error is CancellationError) {
            self.fallback()
            return (try await standIn.predictor.checkedScores(of: rows), standIn)
        }
    }

    /// All that is possible now: each action alone, then the pairs, in the order of the domain file.
    private func candidates(for features: [FeatureValue]) -> [Candidate] {
        let alone: [Candidate] = self.domain.actions.compactMap { action in
            var changed = features
            guard action.effect.apply(to: &changed), self.allows(changed, after: features) else { return nil }
            return Candidate(actions: [action], label: action.label, features: changed)
        }
        var pairs: [Candidate] = []
        let paired = alone.prefix(Self.maximumPaired)
        for (index, first) in paired.enumerated() {
            for second in paired.dropFirst(index + 1) {
                if let pair = self.pair(first, second, features) { pairs.append(pair) }
            }
        }
        return (alone + pairs).map { self.linked($0, from: features) }
    }

    /// Returns whether every feature that changed is still within the limits of the domain.
    private func allows(_ features: [FeatureValue], after before: [FeatureValue]) -> Bool {
        self.domain.schema.features.indices.allSatisfy { index in
            features[index] == before[index] || self.domain.schema.features[index].allows(features[index])
        }
    }

    /// Has features that follow from others follow what a combination changes.
    private func linked(_ candidate: Candidate, from before: [FeatureValue]) -> Candidate {
        var candidate = candidate
        for link in self.domain.links { link.follow(&candidate.features, from: before) }
        return candidate
    }

    private func pair(_ first: Candidate, _ second: Candidate, _ features: [FeatureValue]) -> Candidate? {
        let (a, b) = (first.actions[0], second.actions[0])
        guard a.effect.isIndependent(of: b.effect) else { return nil }
        var both = first.features
        var reversed = second.features
        guard b.effect.apply(to: &both), a.effect.apply(to: &reversed), self.allows(both, after: features) else {
            return nil
        }
        return Candidate(actions: [a, b], label: Self.joined([a.label, b.label]), features: both)
    }

    private func candidate(for scenario: ActionScenario, _ features: [FeatureValue]) throws -> Candidate {
        var changed = features
        var actions: [StaffAction] = []
        for (place, id) in scenario.actions.enumerated() {
            guard let action = self.domain.actions.first(where: { $0.id == id }) else {
                throw ActionScenarioError.unknownAction(place)
            }
            guard action.effect.apply(to: &changed), self.allows(changed, after: features) else {
                throw ActionScenarioError.impossibleAction(place)
            }
            actions.append(action)
        }
        var labels = actions.map(\.label)
        for (feature, value) in scenario.changes.sorted(by: { $0.key < $1.key }) {
            changed[feature] = value
            let name = self.domain.schema.features[feature].label
            labels.append("\(name) \(value.segmentName.map { "to \($0)" } ?? "unknown")")
        }
        return self.linked(Candidate(actions: actions, label: Self.joined(labels), features: changed), from: features)
    }

    private func outcome(
        _ candidate: Candidate, before: [FeatureValue], from old: Double, to new: Double, _ reach: TrainingReach
    ) -> ActionOutcome {
        let schema = self.domain.schema
        let broken = self.domain.links.filter { $0.isBroken(by: candidate.features, from: before) }.map { link in
            let factors = link.factors.map { schema.features[$0].label }.joined(separator: " and ")
            return "\(schema.features[link.feature].label) follows from \(factors) and does not change alone"
        }
        return ActionOutcome(
            actions: candidate.actions.map(\.id), label: candidate.label,
            changes: candidate.features.indices.filter { candidate.features[$0] != before[$0] }
                .map { ActionOutcome.Change(feature: $0, value: candidate.features[$0]) },
            before: old, probability: new, valueBefore: self.domain.value(of: before),
            valueAfter: self.domain.value(of: candidate.features),
            cost: candidate.actions.reduce(0) { $0 + $1.cost }, months: candidate.actions.map(\.months).min() ?? 1,
            caveats: broken + reach.caveats(candidate.features))
    }

    /// Joins labels into one: all but the first begin small, unless they begin with an abbreviation.
    private static func joined(_ labels: [String]) -> String {
        let parts = labels.enumerated().map { index, label in
            let isWord = label.dropFirst().first.map { $0.isLowercase || !$0.isLetter } ?? true
            return index > 0 && isWord ? label.prefix(1).lowercased() + label.dropFirst() : label
        }
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension Predictor {
    /// The scores, checked to be what a predictor promises.
    fileprivate func checkedScores(of rows: [[FeatureValue]]) async throws -> [Double] {
        let scores = try await self.predict(rows)
        guard scores.count == rows.count, scores.allSatisfy({ (0...1).contains($0) }) else {
            throw ChurnError(
                .predictionFailed, .fatal, during: "answer a what-if",
                advice: "the predictor broke its promise of one probability for each row")
        }
        return scores
    }
}
