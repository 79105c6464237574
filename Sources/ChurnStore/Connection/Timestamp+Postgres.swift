import ChurnCore

extension Timestamp {
    /// Microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL's binary timestamps begin.
    private static let epochDistance: Int64 = 946_684_800_000_000
    /// The earliest time that PostgreSQL holds: 4714-11-24 BC.
    ///
    /// Its latest is later than any of this type.
    private static let earliestInPostgres = Timestamp(microseconds: -210_866_803_200_000_000)

    /// The value in PostgreSQL's binary form; the extremes of the type mean minus and plus infinity there.
    ///
    /// What PostgreSQL cannot hold becomes a finite value that it refuses (SQLSTATE 22008), never an infinity.
    var postgresMicroseconds: Int64 {
        let (value, overflow) = self.microseconds.subtractingReportingOverflow(Self.epochDistance)
        return overflow ? Int64.min + 1 : value
    }

    /// Creates a point in time from PostgreSQL's binary form; infinities become the extremes of this type.
    init(postgresMicroseconds value: Int64) {
        switch value {
        case Int64.min, Int64.max: self.init(microseconds: value)
        default:
            let (sum, overflow) = value.addingReportingOverflow(Self.epochDistance)
            self.init(microseconds: overflow ? Int64.max : sum)
        }
    }

    /// The nearest point in time that PostgreSQL holds, for records that must be kept whatever their time.
    var clampedToPostgres: Timestamp { max(self, Self.earliestInPostgres) }
}
