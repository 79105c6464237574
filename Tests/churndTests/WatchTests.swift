import Foundation
import Testing

@testable import ChurnCore
@testable import ChurnStore
@testable import churnd

@Suite("What a process watches")
struct WatchTests {
    private static let now = Timestamp(microseconds: 1_700_000_000_000_000)

    private func watch(
        _ board: HealthBoard, writes: Bool = true, _ look: @escaping @Sendable () async throws -> ServerCondition
    ) -> DatabaseWatch {
        DatabaseWatch(look: look, writes: writes, health: board, now: { Self.now })
    }

    @Test("is the database, by its own name, whether or not anything asks it")
    func database() async {
        let board = HealthBoard()
        let isAway = Locked(true)
        let watch = self.watch(board) {
            if isAway.withLock({ $0 }) {
                throw ChurnError(.storeUnavailable, .retry, during: "connect", advice: "wrong password")
            }
            return ServerCondition(isReadOnly: false, time: Self.now)
        }
        await watch.lookOnce()
        #expect(board.all["database"] == .failing(reason: "storeUnavailable during connect", advice: "wrong password"))
        isAway.withLock { $0 = false }
        await watch.lookOnce()
        #expect(board.all == ["database": .healthy, "clock": .healthy])
    }

    @Test("is failing where it takes no writes and there are some", arguments: [(true, false), (false, true)])
    func readOnly(_ writes: Bool, _ isReady: Bool) async {
        let board = HealthBoard()
        await self.watch(board, writes: writes) { ServerCondition(isReadOnly: true, time: Self.now) }.lookOnce()
        #expect(board.isReady == isReady)
    }

    @Test("is the clock against the database's", arguments: [(-60, "ahead of"), (-3, nil), (3, nil), (60, "behind")])
    func clock(_ seconds: Int, _ says: String?) async {
        let board = HealthBoard()
        await self.watch(board) {
            ServerCondition(isReadOnly: false, time: Self.now.advanced(by: .seconds(seconds)))
        }.lookOnce()
        #expect(board.all["clock"]?.reason?.contains(says ?? "") == (says == nil ? nil : true))
        #expect(board.isReady)
    }

    @Test("is the domain file, which the next start needs")
    func domain() async throws {
        let file = try ConfigurationSample(Self.telco)
        let deployment = try Deployment([Settings.all.domain.key: file.path])
        let watch = try #require(deployment.fileWatch(serves: true))
        let part = try #require(watch.parts.first)
        func look() async -> ComponentHealth? {
            await watch.look(at: part)
            return deployment.health.all["domain"]
        }
        #expect(await look() == .healthy)
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: file.path))
        #expect(await look()?.reason?.contains("cannot be used now") == true)
        try Data(Self.telco.replacing("name: telco", with: "name: other").utf8)
            .write(to: URL(fileURLWithPath: file.path))
        #expect(await look()?.reason?.contains("changed since the start") == true)
        #expect(deployment.health.isReady)
        try Data(Self.telco.utf8).write(to: URL(fileURLWithPath: file.path))
        #expect(await look() == .healthy)
        #expect(try Deployment([:]).fileWatch(serves: true) == nil)
    }

    private static let telco: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "Examples/Domains/telco.yaml"), encoding: .utf8)) ?? ""
    }()

    @Test("pools have as many connections together as the process may have", arguments: ProcessRole.allCases)
    func pools(_ role: ProcessRole) {
        for total in 1...20 {
            let sizes = RunStores.Sizes(of: total, for: role)
            let all = [sizes.writing, sizes.reading, sizes.serving, sizes.watching].compactMap(\.self)
            #expect(all.reduce(0, +) == total)
            #expect(all.allSatisfy { $0 >= 1 })
            #expect((sizes.writing != nil) == role.processes)
        }
    }
}
