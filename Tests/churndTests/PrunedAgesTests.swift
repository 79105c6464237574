import ArgumentParser
import Testing

@testable import churnd

@Suite("The ages of pruning")
struct PrunedAgesTests {
    @Test("name only what is asked for; --recommended names the rest")
    func ages() throws {
        let one = try PrunedAges.parse(["--figures-days", "30"])
        #expect(PrunedAges.Kind.allCases.map { one.days(of: $0) } == [nil, nil, nil, 30, nil])
        let all = try PrunedAges.parse(["--recommended", "--events-days", "200"])
        #expect(PrunedAges.Kind.allCases.map { all.days(of: $0) } == [7, 14, 200, 400, 400])
    }

    @Test(
        "are refused where something that reads it would lack it, or none is named",
        arguments: [
            [], ["--ids-days", "6"], ["--figures-days", "2"], ["--models-days", "120"], ["--events-days", "0"],
            ["--recommended", "--updates-days", "-1"], ["--events-days", "nan"],
        ])
    func refused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try PrunedAges.parse(arguments) }
    }

    @Test("that are recommended are allowed", arguments: PrunedAges.Kind.allCases)
    func recommended(_ kind: PrunedAges.Kind) {
        #expect(kind.recommended >= kind.least?.days ?? 0)
    }
}
