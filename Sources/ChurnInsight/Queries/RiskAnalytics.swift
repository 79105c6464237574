public import ChurnCore

/// The counts of life-cycle stages, segments and bands together, over all customers that have a score.
public struct RiskAnalytics: Hashable, Sendable {
    /// The number of customers of a stage in each band.
    public struct Stage: Hashable, Sendable {
        /// The stage.
        public var stage: LifeCycleStage
        /// Customers by band; a band without customers may be absent.
        public var bands: [RiskBand: Int]

        /// Creates a stage's counts.
        public init(stage: LifeCycleStage, bands: [RiskBand: Int]) {
            self.stage = stage
            self.bands = bands
        }
    }

    /// The profile of a band's customers.
    public struct Profile: Hashable, Sendable {
        /// The band.
        public var band: RiskBand
        /// The number of customers.
        public var customers: Int
        /// The mean of the months that they have been customers; nil where no tenure is known.
        public var meanTenure: Double?
        /// The mean of their values; nil where no value is known.
        public var meanValue: Double?
        /// The segment that most of them have, the first by name of equal ones; nil where none has one.
        public var dominantSegment: String?

        /// Creates a profile.
        public init(
            band: RiskBand, customers: Int, meanTenure: Double?, meanValue: Double?, dominantSegment: String?
        ) {
            self.band = band
            self.customers = customers
            self.meanTenure = meanTenure
            self.meanValue = meanValue
            self.dominantSegment = dominantSegment
        }
    }

    /// The number of a band's customers of a stage and a segment.
    public struct Flow: Hashable, Sendable {
        /// The stage.
        public var stage: LifeCycleStage
        /// The segment.
        public var segment: String
        /// The band.
        public var band: RiskBand
        /// The number of customers; at least one.
        public var customers: Int

        /// Creates a flow.
        public init(stage: LifeCycleStage, segment: String, band: RiskBand, customers: Int) {
            self.stage = stage
            self.segment = segment
            self.band = band
            self.customers = customers
        }
    }

    /// All four stages, the newest first; empty where the domain names no tenure.
    public var lifeCycle: [Stage]
    /// All four bands, the most urgent first.
    public var profiles: [Profile]
    /// By stage, segment (UTF-8 bytes) and band, the newest and the most urgent first; customers that lack a stage or a
    /// segment are in none.
    public var flow: [Flow]

    /// Creates analytics.
    public init(lifeCycle: [Stage], profiles: [Profile], flow: [Flow]) {
        self.lifeCycle = lifeCycle
        self.profiles = profiles
        self.flow = flow
    }
}
