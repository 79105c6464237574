import ArgumentParser
import ChurnCore
import ChurnInsight
import Testing

@testable import churnd

@Suite("churnd keys")
struct KeysCommandTests {
    @Test("takes a name and roles")
    func create() throws {
        let command = try KeysCommand.Create.parse([
            "--name", "dashboard", "--grant", "viewer", "--grant", "agent", "--expires-days", "0.5",
        ])
        #expect(command.roles == ["viewer", "agent"] && command.expiresDays == 0.5)
    }

    @Test(
        "refuses names and roles that mean nothing",
        arguments: [
            ["--name", "a"], ["--grant", "viewer"], ["--name", "", "--grant", "viewer"],
            ["--name", "a\u{1B}[2J", "--grant", "viewer"], ["--name", "a", "--grant", "owner"],
            ["--name", "a", "--grant", "viewer", "--expires-days", "0"],
            ["--name", "a", "--grant", "viewer", "--expires-days", "nan"],
        ])
    func refused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try KeysCommand.Create.parse(arguments) }
    }

    @Test("lists each key's standing")
    func standing() {
        let time = Timestamp(microseconds: 1_767_225_600_000_000)
        var key = APIKey(id: "0a", name: "dashboard", roles: ["viewer", "agent"], digest: [], created: time)
        let start = "0a  agent,viewer  created 2026-01-01T00:00:00.000000Z  "
        #expect(KeysCommand.line(key, now: time) == start + "valid  dashboard")
        key.expiry = time
        #expect(KeysCommand.line(key, now: time) == start + "expired 2026-01-01T00:00:00.000000Z  dashboard")
        key.revoked = time
        #expect(KeysCommand.line(key, now: time) == start + "revoked 2026-01-01T00:00:00.000000Z  dashboard")
    }
}
