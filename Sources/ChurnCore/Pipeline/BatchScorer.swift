import CoreMetrics

/// The scorer's knowledge before it looks at a batch's events.
struct ScoringInput: Sendable {
    /// The batch's customers; unknown ones are absent.
    var customers: [String: KnownCustomer]
    /// The producers' event ids that were accepted before.
    var accepted: Set<SourceEventKey>
    /// The number of the last update of each partition; absent before the first.
    var lastUpdates: [StreamPartition: Int64]
    /// The first of as many event numbers as the batch has entries.
    var firstEventID: Int64
}

/// Folds events into states, scores them, and decides alerts: everything between reading and writing.
struct BatchScorer: Sendable {
    let domain: Domain
    let appliesEffects: Bool
    let alerts: AlertPolicy
    /// Whether anyone wants to see the scores afterwards.
    let isObserved: Bool
    private let metrics: PipelineMetrics
    private let explainer: BatchExplainer
    private let frames: UpdateFrameEncoder
    /// The event types that report an outcome.
    private let outcomes: [EventType: Bool]
    private let activityResolution: Duration
    private let now: WallClock

    init(domain: Domain, configuration: PipelineConfiguration, isObserved: Bool, metrics: PipelineMetrics) {
        self.domain = domain
        self.isObserved = isObserved
        self.metrics = metrics
        self.appliesEffects = configuration.appliesEffects
        self.alerts = domain.alerts
        self.explainer = BatchExplainer(limit: configuration.reasons, leastMove: configuration.leastExplainedMove)
        self.frames = UpdateFrameEncoder(domain: domain)
        self.outcomes = domain.events.compactMapValues(\.hasChurned)
        self.activityResolution = configuration.activityResolution
        self.now = configuration.now
    }

    /// An event that is to be scored, with the features it left behind.
    private struct Row {
        var entry: Int
        var customer: Int
        /// The customer's features before the event.
        var before: [FeatureValue]
        var features: [FeatureValue]
        var hasChanged: Bool
        /// The outcome that the event reports.
        var hasChurned: Bool?
        var origin: ScoreOrigin
    }

    /// A batch for one transaction, and its scores for whoever watches.
    struct Scored: Sendable {
        var batch: ScoredBatch
        var observed: [ObservedScore] = []
        /// The customers that were scored, as they are then.
        var customers: [KnownCustomer] = []
    }

    /// Makes all that one transaction will write, with the models of `lineup` only.
    func score(_ batch: EventBatch, _ input: ScoringInput, by lineup: ModelLineup) async throws -> Scored {
        var fold = CustomerFold(customers: input.customers)
        var accepted = input.accepted
        var rows: [Row] = []
        rows.reserveCapacity(batch.entries.count)
        var rejections = batch.rejections
        var duplicates: [Int] = []
        let served = lineup.identities
        // By their indices, here and below: an event is expensive to copy.
        for index in batch.entries.indices {
            let id = batch.entries[index].event.customerID
            guard let customer = fold.number(of: id) else {
                rejections.append(Self.unknownCustomer(batch.entries[index]))
                continue
            }
            if let sourceID = batch.entries[index].event.sourceEventID,
                !accepted.insert(SourceEventKey(customerID: id, sourceEventID: sourceID)).inserted
            {
                duplicates.append(index)
                continue
            }
            let before = fold.features(of: customer)
            let after = fold.apply(to: customer) {
                self.appliesEffects && self.apply(batch.entries[index].event, to: &$0)
            }
            rows.append(
                Row(
                    entry: index, customer: customer, before: before, features: after.features,
                    hasChanged: after.hasChanged,
                    hasChurned: self.outcomes.isEmpty ? nil : self.outcomes[batch.entries[index].event.type],
                    origin: fold.origin(
                        of: rows.count, customer, hasChanged: after.hasChanged, servedBy: served.model(for: id))))
        }
        let scores = try await self.scores(of: rows, in: batch, fold, by: lineup)
        var observed: [ObservedScore] = []
        if self.isObserved { observed.reserveCapacity(rows.count) }
        var (predictions, asked) = self.predictions(rows, scores, of: batch, &fold, &observed)
        let explained = try await self.explainer.explain(asked, by: lineup)
        for (index, explanation) in explained.enumerated() {
            predictions[index].take(explanation)
            fold.take(
                explanation.isExplained ? explanation.reasons : nil, of: rows[index].customer, by: scores[index].model,
                rows[index].origin)
        }
        var blocks = UpdateBlockBuilder(
            lastUpdates: input.lastUpdates, framesABlock: rows.count / max(1, batch.ranges.count) + 1)
        var events: [ScoredEvent] = []
        events.reserveCapacity(rows.count + duplicates.count)
        func add(_ index: Int, _ prediction: Prediction?) {
            events.append(
                ScoredEvent(
                    eventID: input.firstEventID + Int64(index), event: batch.entries[index].event,
                    prediction: prediction))
        }
        var outcomes: [CustomerOutcome] = []
        var waiting = duplicates[...]
        for index in rows.indices {
            let entry = rows[index].entry
            let eventID = input.firstEventID + Int64(entry)
            while let duplicate = waiting.first, duplicate < entry { add(waiting.removeFirst(), nil) }
            let header = UpdateHeader(
                isAlert: predictions[index].alert.isAlert, becameAtRisk: predictions[index].alert.becameAtRisk,
                band: predictions[index].band, eventType: batch.entries[entry].event.type.rawValue,
                customer: batch.entries[entry].event.customerID,
                segment: rows[index].features[self.domain.segmentFeature].segmentName)
            blocks.append(to: batch.entries[entry].event.position, header) { bytes, previous in
                self.frames.append(
                    to: &bytes, event: batch.entries[entry].event, eventID: eventID, prediction: predictions[index],
                    features: rows[index].features, previous: previous)
            }
            add(entry, predictions[index])
            if let hasChurned = rows[index].hasChurned {
                let event = batch.entries[entry].event
                outcomes.append(
                    CustomerOutcome(
                        customerID: event.customerID, time: event.time, hasChurned: hasChurned, eventID: eventID))
            }
        }
        for duplicate in waiting { add(duplicate, nil) }
        let changes = fold.changes(resolution: self.activityResolution)
        let scored = ScoredBatch(
            ranges: batch.ranges.sorted { $0.partition < $1.partition }, events: events, changes: changes,
            rejections: rejections, updates: blocks.blocks, outcomes: outcomes)
        return Scored(batch: scored, observed: observed, customers: fold.known(after: changes))
    }

    /// The rows' scores; only those that are not known already are asked of the models.
    private func scores(
        of rows: [Row], in batch: EventBatch, _ fold: CustomerFold, by lineup: ModelLineup
    ) async throws -> [ServedScore] {
        let asked = rows.indices.filter { rows[$0].origin == .model }
        let made = try await lineup.scores(
            of: asked.map { (batch.entries[rows[$0].entry].event.customerID, rows[$0].features) },
            fallback: self.metrics.canaryFallbacks.count)
        var scores: [ServedScore] = []
        scores.reserveCapacity(rows.count)
        var next = made.makeIterator()
        for row in rows {
            switch row.origin {
            case .model: if let score = next.next() { scores.append(score) }
            case .row(let index): scores.append(scores[index])
            case .memory: if let score = fold.knownScore(of: row.customer) { scores.append(score) }
            }
        }
        return scores
    }

    /// Folds the scores, and says what there is to explain about each.
    private func predictions(
        _ rows: [Row], _ scores: [ServedScore], of batch: EventBatch, _ fold: inout CustomerFold,
        _ observed: inout [ObservedScore]
    ) -> (predictions: [Prediction], asked: [BatchExplainer.Row]) {
        var (predictions, questions): ([Prediction], [BatchExplainer.Row]) = ([], [])
        predictions.reserveCapacity(rows.count)
        questions.reserveCapacity(rows.count)
        let now = self.now()
        for (row, score) in zip(rows, scores) {
            let time = batch.entries[row.entry].event.recordTime.believed(at: now)
            let alertBefore = fold.alertState(of: row.customer)
            let last = fold.latest(of: row.customer)
            let prediction = fold.score(
                row.customer, at: time, eventTime: batch.entries[row.entry].event.time.believed(at: now),
                features: row.features, hasChanged: row.hasChanged,
                probability: score.probability, band: self.domain.bands.band(of: score.probability),
                model: score.model, alerts: self.alerts, hasLeft: row.hasChurned == true)
            // A score that knows the outcome predicts nothing: it must not stand for the day's, nor count as an input.
            if self.isObserved, row.hasChurned == nil {
                observed.append(
                    ObservedScore(
                        customerID: prediction.customerID, features: row.features, probability: score.probability,
                        model: score.model, time: time, alertBefore: alertBefore,
                        isAlert: prediction.alert.isAlert))
            }
            questions.append(
                BatchExplainer.Row(
                    pair: FeaturePair(before: row.before, after: row.features), hasChanged: row.hasChanged,
                    last: last.probability, isLastOurs: last.isOfThisBatch, probability: score.probability,
                    model: score.model, isAlert: prediction.alert.isAlert, origin: row.origin,
                    known: row.origin == .memory ? fold.knownReasons(of: row.customer) : nil))
            predictions.append(prediction)
        }
        return (predictions, questions)
    }

    /// Applies the type's effect and then the event's own changes; returns whether the two together changed anything.
    private func apply(_ event: CustomerEvent, to features: inout [FeatureValue]) -> Bool {
        let effect = self.domain.events[event.type]?.effect
        guard !event.changes.isEmpty else { return effect?.apply(to: &features) ?? false }
        let before = features
        effect?.apply(to: &features)
        for change in event.changes { features[change.feature] = change.value }
        return features != before
    }

    private static func unknownCustomer(_ entry: EventBatch.Entry) -> Rejection {
        Rejection(
            record: entry.record, code: .unknownCustomer,
            reason: "the store has no customer with this user_id; import the customer, then retry the dead letter",
            deadLetterID: entry.event.deadLetterID)
    }
}
