import ChurnCore
import Testing

@testable import ChurnServe

@Suite("A filter of updates") struct UpdateFilterTests {
    private static func facts(of customer: String) -> UpdateFacts {
        UpdateFacts(
            isAlert: false, becameAtRisk: false, band: .low, eventType: "a", customer: customer, segment: nil)
    }

    @Test("chooses customers by exactly their ids, not by ids that Swift takes for equal")
    func spelling() throws {
        var filter = UpdateFilter()
        try filter.add("\u{E9}", to: .customer)
        #expect(filter.matches(Self.facts(of: "\u{E9}")))
        #expect(!filter.matches(Self.facts(of: "e\u{301}")))
        try filter.add("e\u{301}", to: .customer)
        #expect(filter.matches(Self.facts(of: "e\u{301}")))
        #expect(filter.values(of: .customer).count == 2)
        #expect(!filter.matches(Self.facts(of: "e")))
    }
}
