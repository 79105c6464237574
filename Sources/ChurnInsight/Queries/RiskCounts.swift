package import ChurnCore

/// Sums over groups of customers of one segment, stage and band, from which figures are computed.
package struct RiskCounts {
    /// The properties that customers of a group have in common.
    struct Group: Hashable {
        var segment: String?
        var stage: LifeCycleStage?
        var band: RiskBand
    }

    /// The sums over some customers.
    struct Sums {
        var customers = 0
        var probability = 0.0
        var value = MoneySum()
        var valued = 0
        var tenure = 0.0
        var tenured = 0
        /// Of them, those who are at risk; see ``AlertPolicy/countsAtRisk(_:)``.
        var atRisk = 0
        var valueAtRisk = MoneySum()

        /// A customer's own figures, or the negative ones to take it away again.
        ///
        /// - Parameters:
        ///   - value: what it is worth; not a number where that is not known, as is `tenure`.
        init(_ probability: Double, value: Double, tenure: Double, isAtRisk: Bool, sign: Int = 1) {
            self.customers = sign
            self.probability = Double(sign) * probability
            if !value.isNaN { (self.value, self.valued) = (MoneySum(value, sign: sign), sign) }
            if !tenure.isNaN { (self.tenure, self.tenured) = (Double(sign) * tenure, sign) }
            if isAtRisk { (self.atRisk, self.valueAtRisk) = (sign, self.value) }
        }

        init() {}

        static func += (a: inout Self, b: Self) {
            a.customers += b.customers
            a.probability += b.probability
            a.value += b.value
            a.valued += b.valued
            a.tenure += b.tenure
            a.tenured += b.tenured
            a.atRisk += b.atRisk
            a.valueAtRisk += b.valueAtRisk
        }
    }

    /// All customers that have not left, scored or not.
    var customers: Int
    /// Scored customers.
    var groups: [(group: Group, sums: Sums)] = []

    /// Returns a summary of the customer base.
    package func summary(trend: [RiskSummary.TrendPoint]) -> RiskSummary {
        var all = Sums()
        var (bands, atRisk): ([RiskBand: Int], [String: Int]) = ([:], [:])
        for (group, sums) in self.groups where sums.customers > 0 {
            all += sums
            bands[group.band, default: 0] += sums.customers
            guard sums.atRisk > 0, let segment = group.segment else { continue }
            atRisk[segment, default: 0] += sums.atRisk
        }
        return RiskSummary(
            customers: self.customers, bands: bands, valueAtRisk: all.valueAtRisk.amount,
            meanProbability: all.customers > 0 ? all.probability / Double(all.customers) : nil, trend: trend,
            segments: atRisk.map { RiskSummary.SegmentCount(segment: $0, customers: $1) }
                .sorted(by: RiskSummary.SegmentCount.precedes), atRisk: all.atRisk)
    }

    /// Returns the counts of stages, segments and bands together.
    ///
    /// - Parameter hasTenure: whether the domain names a tenure.
    package func analytics(hasTenure: Bool) -> RiskAnalytics {
        var bands: [RiskBand: Sums] = [:]
        var stages: [LifeCycleStage: [RiskBand: Int]] = [:]
        var segments: [RiskBand: [String: Int]] = [:]
        var flow: [RiskAnalytics.Flow] = []
        for (group, sums) in self.groups where sums.customers > 0 {
            bands[group.band, default: Sums()] += sums
            if let stage = group.stage { stages[stage, default: [:]][group.band, default: 0] += sums.customers }
            guard let segment = group.segment else { continue }
            segments[group.band, default: [:]][segment, default: 0] += sums.customers
            if let stage = group.stage {
                flow.append(
                    RiskAnalytics.Flow(stage: stage, segment: segment, band: group.band, customers: sums.customers))
            }
        }
        let profiles = RiskBand.allCases.reversed().map { band in
            let sums = bands[band] ?? Sums()
            let dominant = (segments[band] ?? [:]).map { RiskSummary.SegmentCount(segment: $0, customers: $1) }
                .min(by: RiskSummary.SegmentCount.precedes)
            return RiskAnalytics.Profile(
                band: band, customers: sums.customers,
                meanTenure: sums.tenured > 0 ? sums.tenure / Double(sums.tenured) : nil,
                meanValue: sums.valued > 0 ? sums.value.amount / Double(sums.valued) : nil,
                dominantSegment: dominant?.segment)
        }
        return RiskAnalytics(
            lifeCycle: hasTenure
                ? LifeCycleStage.allCases.map { RiskAnalytics.Stage(stage: $0, bands: stages[$0] ?? [:]) } : [],
            profiles: profiles, flow: flow.sorted(by: RiskAnalytics.Flow.precedes))
    }
}

extension RiskAnalytics.Flow {
    static func precedes(_ a: Self, _ b: Self) -> Bool {
        if a.stage != b.stage { return a.stage.rank < b.stage.rank }
        if a.segment != b.segment { return a.segment.utf8.lexicographicallyPrecedes(b.segment.utf8) }
        return a.band > b.band
    }
}

extension LifeCycleStage {
    fileprivate var rank: Int {
        switch self {
        case .new: 0
        case .early: 1
        case .mid: 2
        case .mature: 3
        }
    }
}

extension RiskCounts {
    /// Counts customers one by one, without those who have left.
    package init(_ customers: some Sequence<ProjectedCustomer>, alerts: AlertPolicy) {
        self.init(customers: 0)
        var groups: [Group: Sums] = [:]
        for customer in customers where customer.leftAt == nil {
            self.customers += 1
            guard let latest = customer.latest else { continue }
            let group = Group(
                segment: customer.segment, stage: customer.tenure.map(LifeCycleStage.init(months:)), band: latest.band)
            groups[group, default: Sums()] += Sums(
                latest.probability, value: customer.value ?? .nan, tenure: customer.tenure ?? .nan,
                isAtRisk: alerts.countsAtRisk(latest.probability))
        }
        self.groups = groups.map { ($0, $1) }
    }
}
