import ChurnCore
import ChurnFiles
import Foundation
import Testing

@Suite("A domain file")
struct DomainFileTests {
    @Test("is read with its defaults")
    func reads() throws {
        let domain = try Domain(yaml: DomainDamage.valid)
        #expect(domain.name == "gym")
        #expect(domain.idColumn == "memberid")
        #expect(domain.label == LabelColumn(name: "Left", positive: "Yes", negative: "No"))
        #expect(domain.schema.features.map(\.column) == ["plan", "fee", "visit_count", "frozen", "city"])
        #expect(domain.schema.features.map(\.encoding) == [.ordinal, .numeric, .numeric, .numeric, .oneHot])
        #expect(domain.segmentFeature == 0)
        #expect(domain.valueFeature == 1)
        #expect(domain.eventOrder.map(\.rawValue) == ["visit", "freeze"])
        let freeze = try #require(domain.events[EventType(rawValue: "freeze")])
        #expect(freeze.weight == 1)
        #expect(freeze.details == "freeze")
        #expect(
            freeze.effect
                == EventEffect(
                    conditions: [
                        FeatureCondition(feature: 3, test: .equals(.boolean(false))),
                        FeatureCondition(feature: 0, test: .contains("yearly")),
                    ],
                    steps: [FeatureStep(feature: 3, operation: .set(.boolean(true)))]))
        #expect(domain.actions.map(\.title) == ["Upgrade"])
        #expect(domain.bands == RiskBands(critical: 0.9, high: 0.6, medium: 0.3))
    }

    @Test("may say of no feature that customers pay it")
    func noValue() throws {
        let domain = try Domain(yaml: DomainDamage.valid.replacing("value: Fee\n", with: ""))
        #expect(domain.valueFeature == nil && domain.schema.count == 5)
    }

    @Test("may name events that report an outcome, which are not simulated unless they have a weight")
    func outcomes() throws {
        let events = """
            events:
              - {type: left, churned: true, set: {Frozen: true}}
              - {type: renewed, churned: no, weight: 3}

            """
        let domain = try Domain(yaml: DomainDamage.valid.replacing("events:\n", with: events))
        func rule(_ type: String) -> EventRule? { domain.events[EventType(rawValue: type)] }
        #expect(rule("left")?.hasChurned == true && rule("left")?.weight == 0)
        #expect(rule("renewed")?.hasChurned == false && rule("renewed")?.weight == 3)
        #expect(rule("visit")?.hasChurned == nil && rule("visit")?.weight == 2)
    }

    @Test("may list several values that mean stayed, none of which means left")
    func severalNegatives() throws {
        let valid = DomainDamage.valid
        #expect(valid.contains("negative: \"No\""))
        func domain(_ list: String) throws -> Domain {
            try Domain(yaml: valid.replacing("negative: \"No\"", with: "negative: \(list)"))
        }
        #expect(
            try domain("[\"No\", Joined]").label
                == LabelColumn(name: "Left", positive: "Yes", negative: "No", otherNegatives: ["Joined"]))
        #expect(throws: DomainFileError.self) { try domain("[\"No\", \"Yes\"]") }
        #expect(throws: DomainFileError.self) { try domain("[]") }
    }

    @Test("with one fault is refused with the fault's line", arguments: DomainDamage.all)
    func namesTheLine(_ damage: DomainDamage) throws {
        #expect(DomainDamage.valid.contains(damage.replace), "the table must damage what is there")
        let text = DomainDamage.valid.replacing(damage.replace, with: damage.with, maxReplacements: 1)
        let error = #expect(throws: DomainFileError.self) { try Domain(yaml: text, file: "gym.yaml") }
        let fault = error?.faults.first { $0.description.contains(damage.says) }
        #expect(fault?.line == damage.line, "\(error?.description ?? "no error")")
        #expect(error?.disposition == .fatal)
    }

    @Test("with many faults is refused with all of them at once, in order of lines")
    func allAtOnce() {
        let text = DomainDamage.valid
            .replacing("segment: Plan", with: "segment: Plam").replacing("type: boolean", with: "type: bolean")
            .replacing("weight: 2", with: "weight: -2").replacing("high: 0.6", with: "high: 0.95")
        let error = #expect(throws: DomainFileError.self) { try Domain(yaml: text, file: "gym.yaml") }
        let lines = error?.faults.map(\.line) ?? []
        #expect(lines == lines.sorted())
        #expect(Set(lines).isSuperset(of: [4, 10, 13, 19]))
        #expect(error?.description.hasPrefix("gym.yaml:4:10: there is no feature `Plam`; did you mean `Plan`?") == true)
    }

    @Test("that is empty or no mapping is refused", arguments: ["", "\n\n", "# comment\n", "~", "- a", "text", "{}"])
    func notADomain(_ text: String) {
        let error = #expect(throws: DomainFileError.self) { try Domain(yaml: text) }
        #expect(error?.faults.isEmpty == false)
    }

    @Test("with aliases is refused before they are expanded")
    func aliasBomb() {
        var text = "name: &a0 [x, x]\n"
        for level in 1..<64 { text += "k\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let error = #expect(throws: DomainFileError.self) { try Domain(yaml: text + "? *a63\n: 1\n") }
        #expect(error?.faults.map(\.line) == [2])
        #expect(error?.description.contains("aliases") == true)
    }

    @Test("may say & and * within its text and comments")
    func ampersands() throws {
        let text = DomainDamage.valid.replacing("Came by", with: "Came by & left *early*") + "\n# note: *one, &two\n"
        let domain = try Domain(yaml: text)
        #expect(domain.events[EventType(rawValue: "visit")]?.details == "Came by & left *early*")
    }

    @Test("that is nested without end is refused", arguments: ["[", "{a: ", "- ", "? "])
    func deepNesting(_ opening: String) {
        let text = "name: gym\nid:\n  " + String(repeating: opening, count: 20_000)
        #expect(throws: DomainFileError.self) { try Domain(yaml: text) }
    }

    @Test("larger than the limit is refused")
    func tooLarge() {
        let text = DomainDamage.valid + "\n#" + String(repeating: "x", count: Domain.maximumFileBytes)
        let error = #expect(throws: DomainFileError.self) { try Domain(yaml: text) }
        #expect(error?.description.contains("larger than") == true)
    }

    @Test("of the documentation is valid")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Docs/domain.md"), encoding: .utf8)
        let example = try #require(text.components(separatedBy: "```yaml\n").dropFirst().first)
        let yaml = try #require(example.components(separatedBy: "```").first)
        #expect(try Domain(yaml: yaml, file: "Docs/domain.md").name == "gym")
    }

    @Test("that cannot be read names its path")
    func unreadable() {
        let error = #expect(throws: ChurnError.self) { try Domain.load(path: "/nowhere/domain.yaml") }
        #expect(error?.code == .invalidFile)
        #expect(error?.advice.contains("/nowhere/domain.yaml") == true)
    }
}
