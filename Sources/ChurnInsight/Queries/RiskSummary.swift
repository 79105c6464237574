public import ChurnCore

/// The summary of a customer base now.
public struct RiskSummary: Hashable, Sendable {
    /// The mean score of one hour.
    public struct TrendPoint: Hashable, Sendable {
        /// The hour's beginning, in UTC.
        public var hour: Timestamp
        /// The mean churn probability of all scores that were recorded within the hour: one that was scored twice
        /// counts twice.
        public var meanProbability: Double
        /// The number of scores in it.
        public var scores: Int

        /// Creates a point.
        public init(hour: Timestamp, meanProbability: Double, scores: Int) {
            self.hour = hour
            self.meanProbability = meanProbability
            self.scores = scores
        }
    }

    /// The mean over customers at the end of one hour.
    public struct CustomerTrendPoint: Hashable, Sendable {
        /// The hour's beginning, in UTC.
        public var hour: Timestamp
        /// The mean over all scored customers of the last score of each in the hour or before it.
        public var meanProbability: Double
        /// The number of scored customers.
        public var customers: Int
        /// The number of scores that were recorded within the hour.
        public var scores: Int

        /// Creates a point.
        public init(hour: Timestamp, meanProbability: Double, customers: Int, scores: Int) {
            self.hour = hour
            self.meanProbability = meanProbability
            self.customers = customers
            self.scores = scores
        }
    }

    /// A segment's customers above the alert threshold.
    public struct SegmentCount: Hashable, Sendable {
        /// The segment's value as text.
        public var segment: String
        /// The number of customers.
        public var customers: Int

        /// Creates a count.
        public init(segment: String, customers: Int) {
            self.segment = segment
            self.customers = customers
        }
    }

    /// All customers that have not left, scored or not.
    public var customers: Int
    /// Scored customers by the band of their latest score; a band without customers may be absent.
    public var bands: [RiskBand: Int]
    /// The customers at risk: those whose latest score is above the alert threshold.
    public var atRisk: Int
    /// The value at risk: the sum of the value feature over customers whose latest score is above the alert threshold; a missing value
    /// counts as 0.
    ///
    /// Summed exactly, in hundredths.
    public var valueAtRisk: Double
    /// The mean of the latest scores; nil where no customer was scored.
    public var meanProbability: Double?
    /// The hour of the question and the 23 before it, as far as something was scored in them, oldest first.
    public var trend: [TrendPoint]
    /// The same hours over customers, as far as the figures were kept; the last point is that of now.
    public var customerTrend: [CustomerTrendPoint] = []
    /// Customers whose latest score is above the alert threshold by segment, most first, then by name; those without a
    /// segment are in none.
    public var segments: [SegmentCount]
    /// The figures of about 24 hours ago; nil where none were kept.
    public var yesterday: RiskSnapshot?

    /// Creates a summary.
    public init(
        customers: Int, bands: [RiskBand: Int], valueAtRisk: Double, meanProbability: Double?, trend: [TrendPoint],
        segments: [SegmentCount], yesterday: RiskSnapshot? = nil, atRisk: Int = 0
    ) {
        self.customers = customers
        self.bands = bands
        self.valueAtRisk = valueAtRisk
        self.meanProbability = meanProbability
        self.trend = trend
        self.segments = segments
        self.yesterday = yesterday
        self.atRisk = atRisk
    }
}
