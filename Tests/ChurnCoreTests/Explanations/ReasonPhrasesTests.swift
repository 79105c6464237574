import Testing

@testable import ChurnCore

@Suite("Reasons as text")
struct ReasonPhrasesTests {
    private let schema = FeatureSchema(features: [
        Feature(
            name: "Contract", column: "contract", type: .categorical, encoding: .ordinal,
            categories: ["Month-to-month", "One year"]),
        Feature(
            name: "TechSupport", column: "techsupport", type: .categorical, encoding: .oneHot,
            categories: ["No", "No internet service", "Yes"]),
        Feature(name: "tenure", column: "tenure", type: .numeric, encoding: .numeric),
        Feature(name: "StreamingTV", column: "streamingtv", type: .categorical, encoding: .oneHot),
        Feature(
            name: "acct_bal", column: "acct_bal", type: .numeric, encoding: .numeric, label: "Account balance in EUR"),
        Feature(name: "is_active", column: "is_active", type: .boolean, encoding: .numeric, label: "Active member"),
        Feature(name: "Area code", column: "area_code", type: .categorical, encoding: .oneHot, categories: ["415"]),
        Feature(name: "VMail Plan", column: "vmail_plan", type: .boolean, encoding: .numeric),
    ])

    @Test(
        "each kind of value has its text",
        arguments: [
            (0, .text("Month-to-month"), "Month-to-month contract"), (1, .text("No"), "no tech support"),
            (1, .text("Yes"), "tech support"), (1, .text("No internet service"), "tech support: No internet service"),
            (2, .number(2), "tenure of 2"), (2, .missing, "unknown tenure"), (3, .text("Yes"), "streaming TV"),
            (3, .text("Sky TV"), "Sky TV streaming TV"), (4, .number(1234.5), "account balance in EUR of 1234.5"),
            (4, .number(-0.005), "account balance in EUR of -0.01"), (5, .boolean(true), "active member"),
            (5, .boolean(false), "no active member"), (4, .number(1e300), "account balance in EUR of 1e+300"),
            (6, .text("415"), "area code 415"), (6, .text("0"), "area code 0"), (7, .boolean(false), "no VMail Plan"),
        ] as [(Int, FeatureValue, String)])
    func phrases(_ feature: Int, _ value: FeatureValue, _ expected: String) {
        #expect(ReasonPhrases(schema: self.schema).phrase(feature, value) == expected)
    }

    @Test("a reason says its direction, and the first that it does most")
    func sentences() {
        let phrases = ReasonPhrases(schema: self.schema)
        let month = FeatureValue.text("Month-to-month")
        #expect(
            phrases.text(Reason(feature: 0, contribution: 0.4), value: month, isStrongest: true)
                == "Month-to-month contract raises the risk most")
        #expect(
            phrases.text(Reason(feature: 1, contribution: -0.1), value: .text("No"), isStrongest: false)
                == "No tech support lowers the risk")
    }

    @Test("a whole explanation is one line with the probability first")
    func wholeExplanation() {
        let features: [FeatureValue] = [
            .text("Month-to-month"), .text("Yes"), .number(2), .missing, .missing, .missing,
        ]
        let text = ReasonPhrases(schema: self.schema).text(
            [Reason(feature: 0, contribution: 0.621), Reason(feature: 1, contribution: -0.2)], features: features,
            probability: 0.834)
        #expect(
            text == "0.83: Month-to-month contract raises the risk most (+0.62); Tech support lowers the risk (-0.20)")
    }

    @Test("a change names what the event changed, sums up the rest, and says when it cannot be split")
    func changes() {
        let phrases = ReasonPhrases(schema: self.schema)
        let features: [FeatureValue] = [
            .text("Month-to-month"), .text("Yes"), .number(2), .missing, .missing, .boolean(true),
        ]
        var change = ScoreChange(
            fromProbability: 0.41, toProbability: 0.78,
            split: ScoreChange.Split(
                toMargin: 1.27, contributions: [1.21, 0, 0.3, 0, -0.01, 0.02],
                changed: [ChangedFeature(feature: 0, from: .text("One year"), to: .text("Month-to-month"))]))
        #expect(
            phrases.text(change, features: features, event: EventType(rawValue: "contract_downgrade"), limit: 2)
                == "0.41 to 0.78 after contract downgrade: contract from One year to Month-to-month +1.21, "
                + "tenure of 2 +0.30, 2 other features +0.01")
        change.split = nil
        #expect(phrases.text(change, features: features, event: nil).hasPrefix("0.41 to 0.78: the last score was made"))
    }

    @Test(
        "names become readable",
        arguments: [
            ("MonthlyCharges", "monthly charges"), ("SeniorCitizen", "senior citizen"), ("StreamingTV", "streaming TV"),
            ("HTTPServer", "HTTP server"), ("total_charges", "total charges"), ("tenure", "tenure"), ("A", "a"),
        ])
    func names(_ name: String, _ words: String) {
        #expect(
            FeatureLabel(Feature(name: name, column: "c", type: .numeric, encoding: .numeric)).text == words)
    }

    @Test("strongest reasons come first, zeros never, and a few are the first of all")
    func order() {
        let explanation = Explanation(baseMargin: -1, contributions: [0.1, -0.5, 0, 0.5, 0.05, -0.1, 0.3, 0.2, 0.15])
        #expect(explanation.reasons().map(\.feature) == [1, 3, 6, 7, 8, 0, 5, 4])
        for limit in 0...7 {
            #expect(explanation.reasons(limit: limit) == Array(explanation.reasons().prefix(limit)))
        }
        #expect(abs(explanation.margin - -0.3) < 1e-12)
    }
}
