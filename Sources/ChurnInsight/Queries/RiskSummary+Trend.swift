package import ChurnCore

extension RiskSummary {
    /// A snapshot that was taken within this time of an hour's beginning stands for the end of the hour before.
    private static let promptness = Duration.seconds(300)

    /// Adds what is read from kept snapshots: yesterday's figures, and the mean over customers hour by hour.
    ///
    /// Each hour's first snapshot is taken as the hour begins: it has the last score of each customer in the hour before,
    /// or earlier. One that was taken later, since no process ran before, stands for its own hour. Hours without a
    /// snapshot are left out.
    package mutating func take(_ snapshots: some Sequence<RiskSnapshot>, _ hourly: HourlyScores, at now: Timestamp) {
        self.yesterday = RiskSnapshot.yesterday(of: now, in: snapshots)
        let last = HourlyScores.hour(of: now)
        var points: [Int64: CustomerTrendPoint] = [:]
        func add(_ snapshot: RiskSnapshot, to hour: Int64) {
            guard let mean = snapshot.meanProbability else { return }
            points[hour] = CustomerTrendPoint(
                hour: HourlyScores.start(of: hour), meanProbability: mean, customers: snapshot.scored,
                scores: hourly.hours[hour]?.scores ?? 0)
        }
        for snapshot in snapshots {
            let hour = HourlyScores.hour(of: snapshot.time.advanced(by: .zero - Self.promptness))
            if hour > last - HourlyScores.hoursShown, hour < last { add(snapshot, to: hour) }
        }
        add(RiskSnapshot(self, at: now), to: last)
        self.customerTrend = points.values.sorted { $0.hour < $1.hour }
    }
}
