import ChurnCore
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "ISO 8601 text is read",
        arguments: [
            ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1_000_000), ("1970-01-01 00:00:01", 1_000_000),
            ("1970-01-01T01:00:00+01:00", 0), ("1970-01-01T01:00:00+01", 0), ("1969-12-31T23:30:00-0030", 0),
            ("2000-02-29T12:00Z", 951_825_600_000_000), ("2026-11-22T18:00:00.123456789Z", 1_795_370_400_123_456),
            ("1969-12-31T23:59:59.5Z", -500_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ] as [(String, Int64)])
    func reads(text: String, microseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.microseconds == microseconds)
    }

    @Test(
        "text that is no time is refused",
        arguments: [
            "", "yesterday", "1970", "1970-13-01", "1970-02-30", "1970-01-01T24:00:00Z", "1970-01-01T00:00:00+1",
            "1970-01-01T00:00:00Zx", "1970-01-01T", "10000-01-01", "0000-01-01", "1970-01-01T00:00:00.Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("a time survives being written and read", arguments: [0, -1, 951_825_600_123_456, -62_135_596_800_000_000])
    func roundTrip(microseconds: Int64) {
        let time = Timestamp(microseconds: microseconds)
        #expect(Timestamp(iso8601: time.iso8601) == time)
    }

    @Test(
        "is written in UTC with six digits of a fraction",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (951_825_600_123_456, "2000-02-29T12:00:00.123456Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (253_402_300_800_000_000, "10000-01-01T00:00:00.000000Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
            (-62_167_219_200_000_001, "-0001-12-31T23:59:59.999999Z"),
            (.max, "294247-01-10T04:00:54.775807Z"), (.min, "-290308-12-21T19:59:05.224192Z"),
        ] as [(Int64, String)])
    func writes(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).iso8601 == text)
    }

    @Test("seconds outside the years 1 to 9999 are refused", arguments: [1e300, -1e300, .nan, .infinity, 1.7e15])
    func outOfRange(seconds: Double) {
        #expect(Timestamp(seconds: seconds) == nil)
    }
}
