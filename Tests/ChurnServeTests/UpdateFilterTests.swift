import ChurnCore
import Testing

@testable import ChurnServe

@Suite("A filter of updates") struct UpdateFilterTests {
    private static func headers(of customer: String) -> UpdateHeader {
        UpdateHeader(
            isAlert: false, becameAtRisk: false, band: .low, eventType: "a", customer: customer, segment: nil)
    }

    @Test("chooses customers by exactly their ids, not by ids that Swift takes for equal")
    func spelling() throws {
        var filter = UpdateFilter()
        try filter.add("\u{E9}", to: .customer)
        #expect(filter.matches(Self.headers(of: "\u{E9}")))
        #expect(!filter.matches(Self.headers(of: "e\u{301}")))
        try filter.add("e\u{301}", to: .customer)
        #expect(filter.matches(Self.headers(of: "e\u{301}")))
        #expect(filter.values(of: .customer).count == 2)
        #expect(!filter.matches(Self.headers(of: "e")))
    }
}
