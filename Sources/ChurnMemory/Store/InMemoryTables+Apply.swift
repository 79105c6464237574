import ChurnCore
import ChurnInsight

extension InMemoryTables {
    /// Makes a checked batch part of the tables, and returns it as it was applied: without the rescores whose customer
    /// moved meanwhile.
    mutating func apply(_ batch: ScoredBatch, now: Timestamp) -> ScoredBatch {
        for range in batch.ranges {
            self.progress[range.partition.stream.name, default: Progress()]
                .stored[range.partition.partition, default: StoredPosition(nextOffset: range.to)]
                .nextOffset = range.to
        }
        for change in batch.changes { self.apply(change) }
        for scored in batch.events { self.apply(scored, now: now) }
        _ = self.modelRecords.record(batch.outcomes)
        var applied = batch
        applied.rescores = batch.rescores.filter { self.apply($0, now: now) }
        if Mutant.rejectionSkipped.isActive { applied.rejections = [] }
        for rejection in applied.rejections { self.apply(rejection, now: now) }
        let scores = BlockScores.byPartition(batch.events)
        for block in batch.updates {
            self.updates.append(block, scores[block.partition] ?? BlockScores())
            self.progress[block.partition.stream.name]?.stored[block.partition.partition]?.lastUpdate =
                block.numbers.last
        }
        return applied
    }

    private mutating func apply(_ change: StateChange) {
        // Without the version check (a mutant) the customer may be gone.
        guard change.isWritten, var customer = self.customers.removeValue(forKey: change.state.id) else { return }
        if change.featuresChanged { customer.state.features = change.state.features }
        customer.state.version = change.state.version
        customer.state.latest = change.state.latest
        customer.state.alert = change.state.alert
        customer.state.leftAt = change.state.leftAt
        customer.state.lastEvent = change.state.lastEvent
        self.customers[change.state.id] = customer
    }

    private mutating func apply(_ scored: ScoredEvent, now: Timestamp) {
        if let key = scored.acceptedKey { self.sourceEvents.insert(key, now: now) }
        if let id = scored.event.deadLetterID, let index = self.index(ofDeadLetter: id) {
            self.deadLetters[index].status = .done
        }
        let event = RecentEvent(
            eventID: scored.eventID, type: scored.event.type, time: scored.event.time, json: scored.event.json,
            probability: scored.prediction?.probability, change: scored.prediction?.change)
        if let probability = event.probability { self.hourly.add(probability, at: now) }
        let logged = LoggedEvent(
            customerID: scored.event.customerID, event: event, isAlert: scored.prediction?.alert.isAlert ?? false,
            becameAtRisk: scored.prediction?.alert.becameAtRisk ?? false)
        self.newestEvents.insert(logged)
        if logged.isAlert { self.newestAlerts.insert(logged) }
        let reason = scored.prediction?.firstReason(self.columns)
        if logged.isAlert { self.alertReasons.add(reason, at: now) }
        self.cases.add(scored, bands: self.bands, reason: reason, at: now)
        guard self.eventsPerCustomer > 0,
            var customer = self.customers.removeValue(forKey: scored.event.customerID)
        else { return }
        if let prediction = scored.prediction {
            customer.remember(
                prediction, at: scored.event.time, eventID: scored.eventID, atMost: self.eventsPerCustomer)
        }
        if customer.events.count >= self.eventsPerCustomer { customer.events.removeFirst() }
        customer.events.append(event)
        self.customers[scored.event.customerID] = customer
    }

    private mutating func apply(_ rescore: Rescore, now: Timestamp) -> Bool {
        let prediction = rescore.prediction
        guard var customer = self.customers[prediction.customerID], customer.state.version == prediction.stateVersion
        else { return false }
        customer.state.latest = LatestScore(
            probability: prediction.probability, band: prediction.band, time: rescore.time)
        if customer.scores.count >= max(1, self.eventsPerCustomer) { customer.scores.removeFirst() }
        customer.scores.append(
            .score(eventID: rescore.eventID, time: rescore.time, probability: prediction.probability))
        customer.remember(prediction, at: rescore.time, eventID: rescore.eventID, atMost: self.eventsPerCustomer)
        self.customers[prediction.customerID] = customer
        self.hourly.add(prediction.probability, at: now)
        return true
    }

    private mutating func apply(_ rejection: Rejection, now: Timestamp) {
        if let id = rejection.deadLetterID, let index = self.index(ofDeadLetter: id) {
            // The letter keeps the record and the position that it first had.
            self.deadLetters[index].rejection.code = rejection.code
            self.deadLetters[index].rejection.reason = rejection.reason
            self.deadLetters[index].attempts += 1
            return
        }
        self.deadLetters.append(
            DeadLetter(
                id: Int64(self.deadLetters.count) + 1, rejection: rejection, status: .open, attempts: 1, time: now))
    }

    /// Returns the index of a dead letter; nil where there is none of that id.
    func index(ofDeadLetter id: Int64) -> Int? {
        let index = Int(clamping: id) - 1
        return self.deadLetters.indices.contains(index) ? index : nil
    }
}
