/// What the scorer knows before it looks at a batch's events.
struct ScoringInput: Sendable {
    /// The states of the batch's customers; unknown customers are absent.
    var states: [String: CustomerState]
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
    let predictor: any Predictor
    let appliesEffects: Bool
    let alerts: AlertPolicy
    private let frames: UpdateFrameEncoder

    init(domain: Domain, predictor: any Predictor, configuration: PipelineConfiguration) {
        self.domain = domain
        self.predictor = predictor
        self.appliesEffects = configuration.appliesEffects
        self.alerts = domain.alerts
        self.frames = UpdateFrameEncoder(domain: domain)
    }

    /// An event that is to be scored, with the features it left behind.
    private struct Row {
        var entry: Int
        var customer: Int
        var features: [FeatureValue]
        var hasChanged: Bool
    }

    /// Makes all that one transaction will write.
    func score(_ batch: EventBatch, _ input: ScoringInput) async throws -> ScoredBatch {
        var fold = CustomerFold(states: input.states)
        var accepted = input.accepted
        var rows: [Row] = []
        rows.reserveCapacity(batch.entries.count)
        var rejections = batch.rejections
        var duplicates: [Int] = []
        for (index, entry) in batch.entries.enumerated() {
            let event = entry.event
            guard let customer = fold.number(of: event.customerID) else {
                rejections.append(Self.unknownCustomer(entry))
                continue
            }
            if let id = event.sourceEventID,
                !accepted.insert(SourceEventKey(customerID: event.customerID, sourceEventID: id)).inserted
            {
                duplicates.append(index)
                continue
            }
            let after = fold.apply(to: customer) { self.appliesEffects && self.apply(event, to: &$0) }
            rows.append(Row(entry: index, customer: customer, features: after.features, hasChanged: after.hasChanged))
        }
        let probabilities = try await self.predict(rows)
        var blocks = UpdateBlockBuilder(lastUpdates: input.lastUpdates)
        var events: [ScoredEvent] = []
        events.reserveCapacity(rows.count + duplicates.count)
        func add(_ index: Int, _ prediction: Prediction?) {
            events.append(
                ScoredEvent(
                    eventID: input.firstEventID + Int64(index), event: batch.entries[index].event,
                    prediction: prediction))
        }
        var waiting = duplicates[...]
        for (row, probability) in zip(rows, probabilities) {
            while let duplicate = waiting.first, duplicate < row.entry { add(waiting.removeFirst(), nil) }
            let event = batch.entries[row.entry].event
            let prediction = fold.score(
                row.customer, at: event.recordTime, features: row.features, hasChanged: row.hasChanged,
                probability: probability, band: self.domain.bands.band(of: probability), model: self.predictor.model,
                alerts: self.alerts)
            blocks.append(to: event.position) { bytes, previous in
                self.frames.append(
                    to: &bytes, event: event, eventID: input.firstEventID + Int64(row.entry), prediction: prediction,
                    features: row.features, previous: previous)
            }
            add(row.entry, prediction)
        }
        for duplicate in waiting { add(duplicate, nil) }
        return ScoredBatch(
            ranges: batch.ranges.sorted { $0.partition < $1.partition }, events: events, changes: fold.changes,
            rejections: rejections, updates: blocks.blocks)
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

    private func predict(_ rows: [Row]) async throws -> [Double] {
        guard !rows.isEmpty else { return [] }
        let probabilities = try await self.predictor.predict(rows.map(\.features))
        guard probabilities.count == rows.count else {
            throw ChurnError(
                .predictionFailed, .fatal, during: "score a batch",
                advice: "the predictor returned \(probabilities.count) scores for \(rows.count) rows")
        }
        guard probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            throw ChurnError(
                .predictionFailed, .reject, during: "score a batch",
                advice: "the predictor returned a score outside 0...1")
        }
        return probabilities
    }

    private static func unknownCustomer(_ entry: EventBatch.Entry) -> Rejection {
        Rejection(
            record: entry.record, code: .unknownCustomer,
            reason: "the store has no customer with this user_id; import the customer, then retry the dead letter",
            deadLetterID: entry.event.deadLetterID)
    }
}
