/// Follows the customers of a batch: first their features through all events, then version, score and alert state.
///
/// Two passes, because all rows are scored at once in between. A customer is looked up by id once an event and by its
/// number from then on.
struct CustomerFold {
    private struct Customer {
        var state: CustomerState
        let read: KnownCustomer
        /// The features after the events of the first pass.
        var features: [FeatureValue]
        var hasChangedFeatures = false
        var isScored = false
        /// The last row of the first pass.
        var lastRow: ScoreOrigin?
        /// The model of the latest score, after the second pass.
        var model: ModelIdentity?
        var reasons: [Reason]?

        /// The times of its last event, now and as read; nil where none was known.
        var lastEvents: (now: Timestamp, read: Timestamp)? {
            guard let now = self.state.lastEvent, let read = self.read.state.lastEvent else { return nil }
            return (now, read)
        }
    }

    private let read: [String: KnownCustomer]
    private var numbers: [String: Int] = [:]
    private var customers: [Customer] = []

    init(customers: [String: KnownCustomer]) {
        self.read = customers
        self.numbers.reserveCapacity(customers.count)
        self.customers.reserveCapacity(customers.count)
    }

    /// The customer's number in this batch; nil for an unknown customer.
    mutating func number(of id: String) -> Int? {
        if let number = self.numbers[id] { return number }
        guard let read = self.read[id] else { return nil }
        let number = self.customers.count
        self.customers.append(
            Customer(
                state: read.state, read: read, features: read.state.features, model: read.model, reasons: read.reasons))
        self.numbers[id] = number
        return number
    }

    /// First pass: changes a customer's features, and returns what `change` says and the features after it.
    mutating func apply(
        to number: Int, _ change: (inout [FeatureValue]) -> Bool
    ) -> (hasChanged: Bool, features: [FeatureValue]) {
        let hasChanged = change(&self.customers[number].features)
        return (hasChanged, self.customers[number].features)
    }

    /// First pass: where the score of a row comes from: of the same features one model makes the same score.
    mutating func origin(
        of row: Int, _ number: Int, hasChanged: Bool, servedBy model: ModelIdentity
    ) -> ScoreOrigin {
        var origin = ScoreOrigin.model
        if !hasChanged {
            if let last = self.customers[number].lastRow {
                origin = last
            } else if self.customers[number].read.model == model {
                origin = .memory
            }
        }
        self.customers[number].lastRow = origin == .model ? .row(row) : origin
        return origin
    }

    /// The score that a customer had before the batch, by the model that is known to have made it.
    func knownScore(of number: Int) -> ServedScore? {
        let read = self.customers[number].read
        guard let latest = read.state.latest, let model = read.model else { return nil }
        return ServedScore(probability: latest.probability, model: model)
    }

    /// The reasons for that score, where they are known.
    func knownReasons(of number: Int) -> [Reason]? { self.customers[number].read.reasons }

    /// Takes note of how the latest score of a customer was made, in the order of the rows.
    ///
    /// - Parameter reasons: nil where no one asked; those of the same features that are known stay.
    mutating func take(_ reasons: [Reason]?, of number: Int, by model: ModelIdentity, _ origin: ScoreOrigin) {
        self.customers[number].model = model
        if reasons != nil || origin == .model { self.customers[number].reasons = reasons }
    }

    /// Returns the alert policy's state of a customer at this point of the second pass.
    func alertState(of number: Int) -> AlertState { self.customers[number].state.alert }

    /// The features that a customer has at this point of the first pass.
    func features(of number: Int) -> [FeatureValue] { self.customers[number].features }

    /// The score that a customer has at this point of the second pass, and whether this batch made it.
    func latest(of number: Int) -> (probability: Double?, isOfThisBatch: Bool) {
        (self.customers[number].state.latest?.probability, self.customers[number].isScored)
    }

    /// Second pass: takes up the score of one event.
    ///
    /// An event that happened after its customer had left is the customer's coming back, as one that was not at risk
    /// before. One that only arrives later is not, and alerts no one.
    ///
    /// - Parameters:
    ///   - time: the record's time.
    ///   - eventTime: the event's own.
    mutating func score(
        _ number: Int, at time: Timestamp, eventTime: Timestamp, features: [FeatureValue], hasChanged: Bool,
        probability: Double,
        band: RiskBand, model: ModelIdentity, alerts: AlertPolicy, hasLeft: Bool
    ) -> Prediction {
        let (alertBefore, leftBefore) = (self.customers[number].state.alert, self.customers[number].state.leftAt)
        let happened = min(eventTime, time)
        if hasLeft {
            self.customers[number].state.leftAt = max(leftBefore ?? happened, happened)
        } else if let leftBefore, happened > leftBefore {
            self.customers[number].state.leftAt = nil
            self.customers[number].state.alert.isAtRisk = false
        }
        let decision = alerts.decide(
            probability, &self.customers[number].state.alert, at: time,
            hasLeft: self.customers[number].state.hasLeft(at: time))
        // Version 0 is a customer's that was never scored: one that is deleted and made again differs from the one
        // before.
        if hasChanged || self.customers[number].state.alert != alertBefore
            || self.customers[number].state.leftAt != leftBefore || self.customers[number].state.version == 0
        {
            self.customers[number].state.version += 1
        }
        if hasChanged {
            self.customers[number].state.features = features
            self.customers[number].hasChangedFeatures = true
        }
        self.customers[number].state.latest = LatestScore(probability: probability, band: band, time: time)
        self.customers[number].state.lastEvent = max(self.customers[number].state.lastEvent ?? eventTime, eventTime)
        self.customers[number].isScored = true
        return Prediction(
            customerID: self.customers[number].state.id, probability: probability, band: band, model: model,
            stateVersion: self.customers[number].state.version, alert: decision)
    }

    /// One change for each customer that was scored, sorted by id.
    ///
    /// - Parameter resolution: see ``PipelineConfiguration/activityResolution``.
    func changes(resolution: Duration) -> [StateChange] {
        self.customers.lazy.filter(\.isScored).map { customer in
            var change = StateChange(
                state: customer.state, readVersion: customer.read.state.version,
                featuresChanged: customer.hasChangedFeatures)
            if change.state.version == change.readVersion, let read = customer.read.state.latest,
                customer.state.latest?.isSame(as: read, but: resolution) == true,
                let (last, known) = customer.lastEvents, last.isWithin(resolution, of: known)
            {
                change.scoreChanged = false
            }
            return change
        }.sorted { $0.state.id < $1.state.id }
    }

    /// The customers that were scored, as `changes` leaves their rows.
    func known(after changes: [StateChange]) -> [KnownCustomer] {
        changes.compactMap { change in
            guard let number = self.numbers[change.state.id] else { return nil }
            let customer = self.customers[number]
            var known = KnownCustomer(state: change.state, model: customer.model, reasons: customer.reasons)
            // The stored time of scoring stays until it is too old.
            if !change.isWritten {
                known.state.latest = customer.read.state.latest
                known.state.lastEvent = customer.read.state.lastEvent
            }
            return known
        }
    }
}

extension LatestScore {
    /// Returns whether nothing but the time differs, and that by less than `resolution`.
    fileprivate func isSame(as other: LatestScore, but resolution: Duration) -> Bool {
        self.probability == other.probability && self.band == other.band
            && self.time.isWithin(resolution, of: other.time)
    }
}
