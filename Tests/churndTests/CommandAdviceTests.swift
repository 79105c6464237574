import ArgumentParser
import ChurnCore
import ChurnInsight
import Logging
import Testing

@testable import churnd

/// An origin that names no model.
private struct NoModels: ModelOrigin {
    func wanted() async throws -> WantedModels? { nil }
    func load(_ bundle: BundleReference) async throws -> LoadedModel {
        throw ChurnError(.modelRefused, .fatal, during: "test")
    }
}

@Suite("The commands that help after a failure")
struct CommandAdviceTests {
    @Test("neutral advice is followed by the command, and stays as it is where there is none")
    func text() {
        #expect(CommandAdvice.text(.migrationNeeded, "migrate them") == "migrate them (`churnd migrate`)")
        #expect(CommandAdvice.text(.migrationNeeded, "") == "`churnd migrate`")
        #expect(CommandAdvice.text(.schemaMismatch, "use a newer program") == "use a newer program")
        #expect(CommandAdvice.text(nil, "fix the file") == "fix the file")
    }

    @Test(
        "each failure has its command",
        arguments: [
            (.migrationNeeded, ["churnd migrate"]),
            (.positionOutsideLog, ["churnd offsets show", "churnd offsets reset"]),
            (.noModel, ["churnd models register DIR", "churnd models promote VERSION"]),
            (.modelUnknown, ["churnd models list"]), (.modelIsChampion, ["churnd models promote VERSION"]),
            (.modelIsChallenger, ["churnd models archive VERSION"]),
            (.modelHasScores, ["churnd prune --events-days DAYS"]),
            (.otherDomain, ["--domain FILE", "CHURN_DOMAIN", "churnd domain infer FILE"]),
            (.customerRepeated, ["--duplicates first", "--duplicates last"]), (.idUnclear, ["--id COLUMN"]),
            (.labelUnclear, ["--positive VALUE"]), (.encodingUnclear, ["--encoding NAME"]),
            (.customersNumbered, ["--same-customers"]),
            (.noDashboard, ["Scripts/dashboard.sh", "--http-dashboard FOLDER"]),
        ] as [(ChurnError.Code, [String])])
    func commands(_ code: ChurnError.Code, _ commands: [String]) {
        let text = CommandAdvice.text(code, "")
        for command in commands { #expect(text.contains(command)) }
    }

    @Test("what the table names can be given at the command line")
    func parses() throws {
        for text in CommandAdvice.commands.values {
            for part in text.split(separator: "`") where part.hasPrefix("churnd ") {
                var words = part.split(separator: " ").dropFirst().map { $0 == "DAYS" ? "400" : String($0) }
                if words.first == "domain" { words += ["--label", "Left"] }
                _ = try Churnd.parseAsRoot(words)
            }
        }
        let infer = try DomainCommand.Infer.parse(["a.csv", "--label", "Left", "--id", "Id", "--positive", "yes"])
        #expect(infer.id == "Id" && infer.positive == "yes")
        for row in ["first", "last"] { _ = try CustomerFileOptions.parse(["--duplicates", row]) }
    }

    @Test("a command that fails names the command that helps")
    func report() throws {
        let unknown = try #require(throws: ChurnError.self) {
            try ModelDeletion(of: "v", from: [], by: "cli:test", at: Timestamp(microseconds: 0))
        }
        #expect(
            ErrorReport.text(of: unknown)
                == "modelUnknown during delete a model: no model of this domain has the version v (`churnd models list`)"
        )
        let unnamed = ChurnError(.positionOutsideLog, .fatal, during: "test")
        #expect(
            ErrorReport.text(of: unnamed)
                == "positionOutsideLog during test: `churnd offsets show`, `churnd offsets reset`")
    }

    @Test("the health that churnd shows names the command that helps")
    func health() async throws {
        let board = try Deployment([:]).health
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await ModelReloader(origin: NoModels(), slot: ModelSlot(), health: board, logger: quiet).start()
        #expect(
            board.all["model"]?.advice
                == "register one and promote it (`churnd models register DIR`, `churnd models promote VERSION`)")
        let shown = board.report(
            "source", .failing(reason: "outside", advice: "reset it"), code: .positionOutsideLog)
        #expect(shown == board.all["source"])
        #expect(shown.advice == "reset it (`churnd offsets show`, `churnd offsets reset`)")
        board.report("store", .degraded(reason: "slow", advice: "wait"), code: .storeUnavailable)
        #expect(board.all["store"] == .degraded(reason: "slow", advice: "wait"))
    }
}
