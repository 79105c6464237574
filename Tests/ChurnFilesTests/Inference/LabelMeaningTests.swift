import ChurnCore
import Testing

@testable import ChurnFiles

@Suite("Labels by name and value")
struct LabelMeaningTests {
    /// Infers a domain from 90 customers of whom a third has the first value.
    private static func infer(_ name: String, _ values: [String], positive: String? = nil) throws -> InferredDomain {
        let rows = (0..<90).map { "k\($0),p\($0 % 4),\($0 % 7),\(values[$0 % 3 == 0 ? 0 : 1])\n" }
        return try InferredDomain.infer(
            bytes: Array(("Id,Plan,Fee,\(name)\n" + rows.joined()).utf8), file: "shop.csv",
            options: DomainInferenceOptions(name: "shop", id: "Id", label: name, positive: positive))
    }

    private static func notes(_ made: InferredDomain) -> [String] {
        made.remarks.map(\.text).filter { $0.hasPrefix("label '") }
    }

    @Test(
        "a name that means the opposite turns yes and no round, and that is said",
        arguments: [
            "Retained", "Stayed", "Active", "Renewed", "Loyal", "Kept", "Remained", "NotChurned", "not_churned",
            "notchurned", "is_customer", "isCustomer", "still_here", "Subscribed", "Not Exited", "Persisted",
            "Continued",
            "geblieben", "aktiv", "ist_aktiv", "nicht gekündigt", "customer_retained_flag", "resté", "is_active_12m",
        ])
    func opposite(_ name: String) throws {
        for (no, yes) in [("0", "1"), ("no", "yes"), ("False", "True"), ("N", "Y"), ("nein", "ja"), ("0.0", "1.0")] {
            let made = try Self.infer(name, [no, yes])
            #expect(made.domain.label.positive == no && made.domain.label.negative == yes, "\(name)")
            let note = try #require(Self.notes(made).first)
            #expect(note.contains("a guess by the column's name"))
            #expect(made.yaml.contains("# a guess by the column's name"))
            let chosen = try Self.infer(name, [no, yes], positive: yes)
            #expect(chosen.domain.label.positive == yes && Self.notes(chosen).isEmpty)
        }
    }

    @Test(
        "a name that means left keeps yes for left, without a word",
        arguments: [
            "Exited", "Churn", "churned", "is_churned", "Left", "Cancelled", "Attrition", "customerLeft", "inactive",
            "Unsubscribed", "gekündigt", "resilie", "Not Retained", "nonrenewal", "is_lost",
        ])
    func leaving(_ name: String) throws {
        for (yes, no) in [("1", "0"), ("yes", "no"), ("True", "False")] {
            let made = try Self.infer(name, [yes, no])
            #expect(made.domain.label.positive == yes && Self.notes(made).isEmpty, "\(name)")
        }
    }

    @Test(
        "values that say themselves what they mean decide, whatever the name is",
        arguments: [
            ("Retained", "lost", "retained"), ("Status", "Churned", "Active"), ("Active", "Closed", "Open"),
            ("Outcome", "not retained", "retained"), ("Loyal", "Left", "Stayed"), ("Status", "gekündigt", "aktiv"),
            ("Churn", "churned", "not churned"),
        ])
    func values(_ name: String, _ left: String, _ stayed: String) throws {
        let made = try Self.infer(name, [left, stayed])
        #expect(made.domain.label.positive == left && made.domain.label.negative == stayed)
        #expect(Self.notes(made).isEmpty)
    }

    @Test(
        "codes 1 and 2 and a name that says nothing are guesses",
        arguments: [("Churn", "1", "2"), ("target", "1", "0")])
    func guesses(_ name: String, _ rare: String, _ frequent: String) throws {
        let made = try Self.infer(name, [rare, frequent])
        #expect(made.domain.label.positive == rare)
        #expect(try #require(made.remarks.first { $0.code == .labelUnclear }).text.contains("a guess"))
    }

    @Test("more leavers than stayers are asked about")
    func largeShare() throws {
        let made = try Self.infer("Churned", ["0", "1"])
        #expect(made.domain.label.positive == "1")
        #expect(
            Self.notes(made) == [
                "label '1' means left: 67 % of the customers left by this reading: is that so? Exchange the two values if not"
            ])
    }

    @Test("a yes in a file of outcomes says what its own column asks")
    func outcomes() throws {
        var domain = Domain.telco
        domain.label = LabelColumn(name: "Retained", positive: "0", negative: "1")
        func churned(_ column: String, _ value: String) throws -> Bool? {
            let text = "customer_id,\(column),date\na,\(value),2026-01-31\n"
            var file = try OutcomeFile(bytes: Array(text.utf8), name: "t.csv", domain: domain)
            return try file.nextChunk(of: 1).first?.hasChurned
        }
        #expect(try churned("churned", "1") == true && churned("churned", "no") == false)
        #expect(try churned("retained", "1") == false && churned("retained", "no") == true)
        var labels = CustomerLabels(domain: domain, column: "has_churned")
        try labels.add("t", of: "a", at: "table")
        #expect(labels.churned == [CustomerKey("a"): true])
    }
}
