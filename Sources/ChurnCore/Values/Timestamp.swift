/// A point in time, in whole microseconds since 1970-01-01 UTC (PostgreSQL's resolution).
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01 00:00:00 UTC.
    public var microseconds: Int64

    /// Creates a point in time from microseconds since the epoch.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Creates a point in time from seconds since the epoch; nil where it is not finite or not within the years
    /// 1 to 9999, the range that every store can hold.
    public init?(seconds: Double) {
        guard seconds.isFinite, seconds >= -62_135_596_800, seconds < 253_402_300_800 else { return nil }
        self.microseconds = Int64((seconds * 1_000_000).rounded())
    }

    /// Seconds since the epoch.
    public var seconds: Double { Double(self.microseconds) / 1_000_000 }

    /// Orders by time.
    public static func < (a: Self, b: Self) -> Bool { a.microseconds < b.microseconds }

    /// The point in time `duration` later; the last or first one that there is where that lies beyond.
    public func advanced(by duration: Duration) -> Timestamp {
        let (sum, overflow) = self.microseconds.addingReportingOverflow(duration.clampedMicroseconds)
        return Timestamp(microseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// Returns whether the other point in time is less than `duration` away, before or after.
    public func isWithin(_ duration: Duration, of other: Timestamp) -> Bool {
        let (difference, overflow) = self.microseconds.subtractingReportingOverflow(other.microseconds)
        return !overflow && difference.magnitude < UInt64(max(0, duration.clampedMicroseconds))
    }
}

extension Duration {
    /// Whole microseconds; the nearest number where there are more than fit.
    fileprivate var clampedMicroseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (whole, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !isBeyond else { return seconds < 0 ? .min : .max }
        let (sum, overflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : sum
    }
}
