import ChurnCore
import ChurnTesting
import Testing

@testable import ChurnFiles

@Suite("Columns that leak the label")
struct LeakCheckTests {
    private static func infer(_ column: String, _ value: (Int, Bool, inout SeededRandom) -> String) throws
        -> InferredDomain
    {
        var random = SeededRandom(seed: 5)
        let rows = (0..<400).map { number in
            let left = random.chance(0.25)
            return "c\(number),\(["Gold", "Basic", "Pro"][random.index(below: 3)]),\(10 + random.index(below: 90)).5,"
                + "\(value(number, left, &random)),\(left ? "yes" : "no")\n"
        }
        return try InferredDomain.infer(
            bytes: Array(("Id,Plan,Visits,\(column),Left\n" + rows.joined()).utf8), file: "shop.csv",
            options: DomainInferenceOptions(name: "shop", id: "Id", label: "Left"))
    }

    /// A column, and its values by row and label.
    struct Leak: Sendable, CustomTestStringConvertible {
        var column: String
        var value: @Sendable (Int, Bool, inout SeededRandom) -> String
        var testDescription: String { self.column }
    }

    private static let leaks: [Leak] = [
        Leak(column: "Closing fee") { _, left, random in
            left && random.chance(0.6) ? "\(20 + random.index(below: 50)).5" : "0"
        },
        Leak(column: "Save desk calls") { _, left, random in
            "\(left ? random.index(below: 6) : random.chance(0.1) ? 1 : 0)"
        },
        Leak(column: "Status") { _, left, random in
            left && random.chance(0.7) ? "Closing" : ["Open", "New"][random.index(below: 2)]
        },
        Leak(column: "Next bill") { number, left, _ in left ? "" : "\(number * 31 % 997).25" },
        Leak(column: "Level") { number, left, random in
            let middle = left ? 50.0 : random.chance(0.5) ? 20 : 80
            return "\(middle + random.uniform() * 10)"
        },
    ]

    @Test(
        "a fee, a count, a kind, a gap and a range that only leavers have are left out, and said", arguments: Self.leaks
    )
    func leaves(_ leak: Leak) throws {
        let made = try Self.infer(leak.column, leak.value)
        #expect(made.domain.ignoredColumns == [leak.column])
        #expect(
            made.remarks.contains { $0.text.hasPrefix("column '\(leak.column)' is left out, since it leaks the label") }
        )
    }

    @Test("a name that smells of the end is said even where the column says little, and is no value")
    func smells() throws {
        for name in ["Final amount", "Exit charge", "Termination fee", "Retention offers", "Cancel price"] {
            let made = try Self.infer(name) { _, _, random in "\(random.index(below: 40)).5" }
            #expect(made.remarks.contains { $0.text.contains("'\(name)'") && $0.text.contains("its name sounds like") })
            #expect(made.domain.valueFeature.map { made.domain.schema.features[$0].name } != name)
        }
    }

    @Test("columns of chance are not remarked", arguments: ["number", "kind", "gaps"])
    func chance(_ form: String) throws {
        let made = try Self.infer("Colour") { _, _, random in
            switch form {
            case "number": "\(random.index(below: 1_000)).5"
            case "kind": ["red", "green", "blue"][random.index(below: 3)]
            default: random.chance(0.5) ? "" : "\(random.index(below: 50)).5"
            }
        }
        #expect(made.domain.schema.features.contains { $0.name == "Colour" })
        #expect(!made.remarks.contains { $0.text.contains("'Colour'") })
    }
}
