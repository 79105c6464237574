import ChurnCore

/// The number of customers in each segment, band and life-cycle stage, their value, and the sums of their scores and
/// months.
struct GroupCounts {
    /// The stages and none.
    private static let stages = LifeCycleStage.allCases.count + 1

    /// By the columns' group number and the stage.
    private var sums: [RiskCounts.Sums] = []
    /// The number of customers that have left, who are in no figure.
    private(set) var left = 0
    private let alerts: AlertPolicy

    init(alerts: AlertPolicy) { self.alerts = alerts }

    mutating func add(_ slot: Int32, of columns: CustomerColumns) {
        let place = Self.place(slot, columns)
        while self.sums.count <= place { self.sums.append(RiskCounts.Sums()) }
        self.sums[place] += self.own(slot, columns, sign: 1)
        if columns.hasLeft(slot) { self.left += 1 }
    }

    mutating func remove(_ slot: Int32, of columns: CustomerColumns) {
        let place = Self.place(slot, columns)
        self.sums[place] += self.own(slot, columns, sign: -1)
        if columns.hasLeft(slot) { self.left -= 1 }
        // What rounding leaves of scores and months goes with the last customer; a reload sums everything again.
        if self.sums[place].customers == 0 { self.sums[place] = RiskCounts.Sums() }
    }

    private func own(_ slot: Int32, _ columns: CustomerColumns, sign: Int) -> RiskCounts.Sums {
        let probability = columns.probabilities[Int(slot)]
        return RiskCounts.Sums(
            probability, value: columns.values[Int(slot)], tenure: columns.tenures[Int(slot)],
            isAtRisk: columns.isScored(slot) && self.alerts.countsAtRisk(probability), sign: sign)
    }

    private static func place(_ slot: Int32, _ columns: CustomerColumns) -> Int {
        let tenure = columns.tenures[Int(slot)]
        let stage =
            tenure.isNaN ? Self.stages - 1 : LifeCycleStage.allCases.firstIndex(of: LifeCycleStage(months: tenure))
        return Int(columns.groups[Int(slot)]) * Self.stages + (stage ?? Self.stages - 1)
    }

    /// Returns the number of customers in the groups that were accepted.
    func customers(in accepted: [Bool]) -> Int {
        self.sums.indices.reduce(0) { count, place in
            let group = place / Self.stages
            return group < accepted.count && accepted[group] ? count + self.sums[place].customers : count
        }
    }

    /// The sums by name.
    func riskCounts(of columns: CustomerColumns) -> RiskCounts {
        var counts = RiskCounts(customers: columns.count - self.left)
        for (place, sums) in self.sums.enumerated() where sums.customers > 0 {
            let (segment, band) = (place / Self.stages).quotientAndRemainder(
                dividingBy: Int(CustomerColumns.bandsAndNone))
            guard let band = RiskBand.allCases.first(where: { CustomerColumns.bandNumber($0) == UInt32(band) }) else {
                continue
            }
            let stages = LifeCycleStage.allCases
            let stage = place % Self.stages
            let group = RiskCounts.Group(
                segment: columns.segmentNames[segment], stage: stage < stages.count ? stages[stage] : nil, band: band)
            counts.groups.append((group, sums))
        }
        return counts
    }
}
