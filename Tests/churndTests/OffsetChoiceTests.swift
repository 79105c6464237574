import Testing

@testable import churnd

@Suite("Where a reset goes on") struct OffsetChoiceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var option: String
        var stored: Int64?
        var offset: Int64
        var note: String?
        var testDescription: String { "\(self.option) with \(self.stored.map(String.init) ?? "nothing") stored" }
    }

    /// All for a log of 20..<30.
    static let cases = [
        Case(option: "earliest", stored: nil, offset: 20, note: nil),
        Case(option: "earliest", stored: 25, offset: 20, note: "5 records come again"),
        Case(option: "earliest", stored: 5, offset: 20, note: "15 records before it were destroyed unread"),
        Case(option: "earliest", stored: 1_000, offset: 20, note: nil),
        Case(option: "latest", stored: 25, offset: 30, note: "5 records are passed over"),
        Case(option: "latest", stored: 5, offset: 30, note: "25 records are passed over"),
        Case(option: "stored", stored: nil, offset: 20, note: nil),
        Case(option: "stored", stored: 25, offset: 25, note: nil),
        Case(option: "stored", stored: 5, offset: 20, note: "15 records before it were destroyed unread"),
        Case(option: "stored", stored: 1_000, offset: 30, note: nil),
        Case(option: "27", stored: 25, offset: 27, note: "2 records are passed over"),
        Case(option: "31", stored: 25, offset: 31, note: "outside the log 20..<30"),
        Case(option: "0", stored: 25, offset: 0, note: "outside the log 20..<30"),
    ]

    @Test("a partition goes on where the option says, and the command says what that costs", arguments: cases)
    func positions(_ example: Case) throws {
        let choice = try #require(OffsetChoice(example.option))
        let stored = example.stored.map { [Int32(3): $0] } ?? [:]
        #expect(
            choice.positions(in: [3: 20..<30], stored: stored) == [3: .init(offset: example.offset, note: example.note)]
        )
    }

    @Test("anything else is refused", arguments: ["", "newest", "-1", "1.5", "stored "])
    func refuses(_ option: String) { #expect(OffsetChoice(option) == nil) }
}
