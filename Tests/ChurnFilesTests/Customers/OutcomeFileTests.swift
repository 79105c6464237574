import ChurnCore
import ChurnFiles
import Testing

@Suite("A file of outcomes") struct OutcomeFileTests {
    private static func read(_ text: String) throws -> [CustomerOutcome] {
        let now = try #require(Timestamp(iso8601: "2026-11-30T12:00:00Z"))
        var file = try OutcomeFile(bytes: Array(text.utf8), name: "outcomes.csv", domain: .telco, now: now)
        return try file.nextChunk(of: 100)
    }

    @Test("has its columns in any order, and every usual way to say yes and no")
    func columns() throws {
        let outcomes = try Self.read(
            """
            date,Churned,CustomerID,more
            2026-11-01,Yes,a,x
            2026-11-01T12:30:00Z,0,b,

            2026-11-02,TRUE,c,
            2026-11-02,no,d,
            """)
        #expect(outcomes.map(\.customerID) == ["a", "b", "c", "d"])
        #expect(outcomes.map(\.hasChurned) == [true, false, true, false])
        #expect(outcomes.map(\.time.iso8601).first == "2026-11-01T00:00:00.000000Z")
        #expect(outcomes[1].time.iso8601 == "2026-11-01T12:30:00.000000Z")
    }

    @Test("may be ahead of our clock by a little, and by the earliest time zone's day")
    func ahead() throws {
        let text = "customerid,churned,date\na,yes,2026-11-30T12:05:00Z\nb,yes,2026-12-01\n"
        #expect(try Self.read(text).count == 2)
    }

    @Test(
        "is refused with the line that is wrong",
        arguments: [
            ("customerid,churned\na,yes\n", "line 1"), ("", "line 1"),
            ("customerid,churned,date\na,yes,2026-11-01\na,maybe,2026-11-01\n", "line 3"),
            ("customerid,churned,date\na,yes,yesterday\n", "line 2"),
            ("customerid,churned,date\n,yes,2026-11-01\n", "line 2"),
            ("customerid,churned,date\na,yes\n", "line 2"),
            ("customerid,churned,date\na,yes,2026-11-30T12:05:01Z\n", "line 2"),
            ("customerid,churned,date\na,yes,2026-11-01\nb,yes,2026-12-02\n", "line 3"),
        ])
    func refused(_ text: String, _ line: String) {
        let error = #expect(throws: ChurnError.self) { try Self.read(text) }
        #expect(error?.code == .invalidFile)
        #expect(error?.advice.contains("outcomes.csv, \(line):") == true)
    }
}
