import ArgumentParser
import ChurnCore
import Testing

@testable import churnd

@Suite("Training flags")
struct TrainingFlagsTests {
    private func flags(_ arguments: [String]) throws -> TrainingFlags { try TrainingFlags.parse(arguments) }

    @Test("flags say what the domain file would")
    func reads() throws {
        let flags = try self.flags([
            "--depth", "4", "--class-weight", "balanced", "--monotone", "tenure:decreasing", "--monotone",
            "City=A:B:increasing", "--calibration", "platt", "--search", "grid", "--budget", "90s",
        ])
        let settings = try flags.settings
        #expect(settings.depth == 4)
        #expect(settings.classWeight == .balanced)
        #expect(settings.monotone == ["tenure": .decreasing, "City=A:B": .increasing])
        #expect(settings.calibration == .platt)
        let search = try flags.search(over: nil)
        #expect(search?.method == .grid)
        #expect(search?.budget == .seconds(90))
    }

    @Test("a search of the domain file stays, and a budget alone changes only that")
    func search() throws {
        let domain = TrainingSettings.Search(method: .grid, budget: .trials(7))
        #expect(try self.flags([]).search(over: domain) == domain)
        #expect(try self.flags([]).search(over: nil) == nil)
        #expect(
            try self.flags(["--budget", "3"]).search(over: domain)
                == TrainingSettings.Search(method: .grid, budget: .trials(3)))
    }

    @Test(
        "what cannot be read is refused",
        arguments: [
            ["--monotone", "tenure"], ["--monotone", "tenure:up"], ["--class-weight", "-1"],
            ["--class-weight", "heavy"], ["--calibration", "good"], ["--search", "all"],
        ])
    func refuses(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try self.flags(arguments) }
    }

    @Test("a budget is a number above 0 or seconds", arguments: ["0", "-3", "soon", "s", "nans"])
    func budget(_ text: String) throws {
        #expect(throws: (any Error).self) { try self.flags(["--budget=\(text)"]).search(over: nil) }
    }
}
