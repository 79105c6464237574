/// How many customers each segment and band has, what they are worth, and the sum of their scores.
struct GroupCounts {
    private struct Group {
        var customers = 0
        var value = 0.0
        var probability = 0.0
    }

    /// By the columns' group number.
    private var groups: [Group] = []

    mutating func add(_ slot: Int32, of columns: CustomerColumns) {
        let group = Int(columns.groups[Int(slot)])
        while self.groups.count <= group { self.groups.append(Group()) }
        self.groups[group].customers += 1
        if columns.hasValue(slot) { self.groups[group].value += columns.values[Int(slot)] }
        self.groups[group].probability += columns.probabilities[Int(slot)]
    }

    mutating func remove(_ slot: Int32, of columns: CustomerColumns) {
        let group = Int(columns.groups[Int(slot)])
        self.groups[group].customers -= 1
        if columns.hasValue(slot) { self.groups[group].value -= columns.values[Int(slot)] }
        self.groups[group].probability -= columns.probabilities[Int(slot)]
        // What rounding leaves behind goes with the last customer; a reload sums everything anew.
        if self.groups[group].customers == 0 { self.groups[group] = Group() }
    }

    /// How many customers are in the groups that were accepted.
    func customers(in accepted: [Bool]) -> Int {
        zip(self.groups, accepted).reduce(0) { $0 + ($1.1 ? $1.0.customers : 0) }
    }

    /// How the customer base stands.
    func summary(of columns: CustomerColumns, trend: [RiskSummary.TrendPoint]) -> RiskSummary {
        var summary = RiskSummary(
            customers: columns.count, bands: [:], valueAtRisk: 0, meanProbability: nil, trend: trend, segments: [])
        var atRisk: [UInt32: Int] = [:]
        var (scored, sum) = (0, 0.0)
        let lowest = CustomerColumns.bandNumber(.high)
        for (number, group) in self.groups.enumerated() where group.customers > 0 {
            let (segment, band) = UInt32(number).quotientAndRemainder(dividingBy: CustomerColumns.bandsAndNone)
            guard let name = RiskBand.allCases.first(where: { CustomerColumns.bandNumber($0) == band }) else {
                continue
            }
            summary.bands[name, default: 0] += group.customers
            scored += group.customers
            sum += group.probability
            guard band >= lowest else { continue }
            summary.valueAtRisk += group.value
            atRisk[segment, default: 0] += group.customers
        }
        if scored > 0 { summary.meanProbability = sum / Double(scored) }
        summary.segments = atRisk.compactMap { segment, customers in
            columns.segmentNames[Int(segment)].map { RiskSummary.SegmentCount(segment: $0, customers: customers) }
        }.sorted(by: RiskSummary.SegmentCount.precedes)
        return summary
    }
}
