/// Follows each customer's state through a batch: features, version, latest score and alert state.
struct ScoreFold {
    private let states: [String: CustomerState]
    private var current: [String: CustomerState] = [:]
    private var featuresChanged: Set<String> = []

    init(states: [String: CustomerState]) { self.states = states }

    /// Takes up one scored event.
    mutating func take(
        _ event: CustomerEvent, features: [FeatureValue], featuresChanged: Bool, probability: Double,
        band: RiskBand, model: ModelIdentity, alerts: AlertPolicy
    ) -> Prediction {
        let id = event.customerID
        var state =
            self.current[id] ?? self.states[id] ?? CustomerState(id: id, features: features)
        let alertBefore = state.alert
        let decision = alerts.decide(probability, &state.alert, at: event.recordTime)
        if featuresChanged || state.alert != alertBefore { state.version += 1 }
        if featuresChanged {
            state.features = features
            self.featuresChanged.insert(id)
        }
        state.latest = LatestScore(probability: probability, band: band, time: event.recordTime)
        self.current[id] = state
        return Prediction(
            customerID: id, probability: probability, band: band, model: model, stateVersion: state.version,
            alert: decision)
    }

    /// One change for each customer that was touched, sorted by id.
    var changes: [StateChange] {
        self.current.values.map { state in
            StateChange(
                state: state, readVersion: self.states[state.id]?.version ?? 0,
                featuresChanged: self.featuresChanged.contains(state.id))
        }.sorted { $0.state.id < $1.state.id }
    }
}
