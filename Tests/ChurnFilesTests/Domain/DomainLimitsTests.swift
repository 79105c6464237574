import ChurnCore
import ChurnFiles
import Testing

@Suite("Limits, links and money in a domain file")
struct DomainLimitsTests {
    private static func domain(
        features: String = "{name: Fee, type: numeric, minimum: 0, maximum: 500}", more: String = ""
    ) throws -> Domain {
        try Domain(
            yaml: """
                name: gym
                id: member
                label: {column: Left, positive: "1", negative: "0"}
                segment: Plan
                value: Fee
                features:
                  - {name: Plan, type: categorical, categories: [Basic, Plus]}
                  - \(features)
                  - {name: Visits, type: numeric}
                  - {name: Born, type: numeric, immutable: true}
                \(more)
                """)
    }

    @Test("limits, what is immutable, links, prices of actions and the currency are read")
    func read() throws {
        let domain = try Self.domain(
            more: """
                linked: {Fee: [Visits]}
                currency: {code: EUR, symbol: "€", decimals: 0}
                actions:
                  - {id: plus, title: Plus, set: {Plan: Plus}, cost: 12.5, months: 6}
                """)
        #expect(domain.schema.features[1].minimum == 0 && domain.schema.features[1].maximum == 500)
        #expect(domain.schema.features[3].isImmutable && !domain.schema.features[1].isImmutable)
        #expect(domain.links == [Domain.FeatureLink(feature: 1, factors: [2])])
        #expect(domain.currency.code == "EUR" && domain.currency.symbol == "€" && domain.currency.decimals == 0)
        #expect(domain.actions.first?.cost == 12.5 && domain.actions.first?.months == 6)
        let plain = try Self.domain(more: "currency: USD")
        #expect(plain.currency.code == "USD" && plain.currency.decimals == 2)
    }

    @Test(
        "faults name what is wrong",
        arguments: [
            ("{name: Fee, type: numeric, minimum: 5, maximum: 1}", "", "the maximum of Fee is below its minimum"),
            ("{name: Fee, type: boolean, minimum: 5}", "", "the boolean feature Fee has a minimum"),
            ("{name: Fee, type: numeric}", "linked: {Fee: [Fee]}", "Fee follows from itself"),
            ("{name: Fee, type: numeric}", "linked: {Fee: []}", "Fee follows from nothing"),
            ("{name: Fee, type: numeric}", "currency: euro", "the code of `currency` is not three capital letters"),
            ("{name: Fee, type: numeric}", "currency: {decimals: 7}", "currency.decimals is not 0, 1 or 2"),
            (
                "{name: Fee, type: numeric}", "actions: [{id: a, set: {Born: 1}}]",
                "the action a changes Born, which is immutable"
            ),
            (
                "{name: Fee, type: numeric, maximum: 9}", "actions: [{id: a, set: {Fee: 10}}]",
                "the action a sets Fee outside its limits"
            ),
            ("{name: Fee, type: numeric}", "actions: [{id: a, set: {Fee: 1}, cost: -1}]", "the cost of a is negative"),
            (
                "{name: Fee, type: numeric}", "actions: [{id: a, set: {Fee: 1}, months: 0}]",
                "the months of a is not above 0"
            ),
        ])
    func faults(_ feature: String, _ more: String, _ problem: String) throws {
        let error = #expect(throws: DomainFileError.self) { try Self.domain(features: feature, more: more) }
        #expect(error?.faults.map(\.problem).contains(problem) == true)
    }
}
