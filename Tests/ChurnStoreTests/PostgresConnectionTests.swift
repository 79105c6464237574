import ChurnCore
import Dispatch
import Foundation
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PostgresConnectionTests {
    private static let sleep = Statement(name: "sleep", sql: "SELECT pg_sleep(60)")

    @Test("a cancelled task ends its statement at the server, and the connection goes on")
    func cancellation() async throws {
        try await TestDatabase.with(change: { ($0.poolSize, $0.statementTimeout) = (1, .seconds(300)) }) { database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            let marker = "churn-cancel-\(database.configuration.schema)"
            let task = Task {
                try await pool.withConnection("sleep") { connection in
                    try connection.run("SET application_name = '\(marker)'")
                    _ = try connection.run(Self.sleep)
                }
            }
            try await eventually {
                try await database.number(
                    "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = '\(marker)' AND wait_event = 'PgSleep'"
                ) == 1
            }
            // Counted from here, for the test may have waited long for its turn.
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(45), "it waited for the statement's own end")
            try await pool.withConnection("go on") { try $0.run("SELECT 1") }
            await pool.close()
        }
    }

    @Test("a statement that takes longer than its timeout is a retry, and the connection goes on")
    func statementTimeout() async throws {
        try await TestDatabase.with(change: { $0.statementTimeout = .milliseconds(100) }) { database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            let error = await #expect(throws: ChurnError.self) {
                try await pool.withConnection("sleep") { _ = try $0.run(Self.sleep) }
            }
            #expect(error?.code == .timedOut && error?.disposition == .retry)
            try await pool.withConnection("go on") { try $0.run("SELECT 1") }
            await pool.close()
        }
    }

    @Test("of statements that run one after the other each is made from the one before, and one may fail")
    func chain() async throws {
        try await TestDatabase.with { database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            let divide = Statement(name: "divide", sql: "SELECT 60 / $1::int8")
            @Sendable func step(_ number: Int64) -> Step {
                var parameters = ParameterBuffer()
                parameters.int64(number)
                return Step(statement: divide, parameters: parameters)
            }
            /// Counts down from 3; at `last` nothing is asked for any more.
            @Sendable func run(until last: Int64) async throws -> [Int64] {
                try await pool.withConnection("divide") { connection in
                    var (number, used): (Int64, [Int64]) = (3, [])
                    try connection.run(step(number)) { _ in
                        number -= 1
                        return number < last ? nil : step(number)
                    } use: {
                        used.append($0.int64(0, 0))
                    }
                    return used
                }
            }
            #expect(try await run(until: 3) == [20])
            #expect(try await run(until: 1) == [20, 30, 60])
            let error = await #expect(throws: ChurnError.self) { _ = try await run(until: 0) }
            #expect(error?.disposition == .reject)
            #expect(try await run(until: 2) == [20, 30])
            await pool.close()
        }
    }

    @Test("a caller waits for a connection in turn, and not indefinitely")
    func poolWait() async throws {
        try await TestDatabase.with(change: {
            $0.poolSize = 1; $0.poolWait = .milliseconds(100)
        }) { database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            try await pool.withConnection("hold the only one") { _ in
                let error = await #expect(throws: ChurnError.self) {
                    try await pool.withConnection("wait") { try $0.run("SELECT 1") }
                }
                #expect(error?.code == .storeUnavailable && error?.disposition == .retry)
            }
            try await pool.withConnection("go on") { try $0.run("SELECT 1") }
            await pool.close()
        }
    }

    @Test("many callers share a few connections and all get their answers")
    func sharing() async throws {
        try await TestDatabase.with(change: { $0.poolSize = 2 }) { database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            let echo = Statement(name: "echo", sql: "SELECT $1::int8")
            let answers = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in Int64(0)..<200 {
                    group.addTask {
                        try await pool.withConnection("echo") { connection in
                            var parameters = ParameterBuffer()
                            parameters.int64(number)
                            return try connection.run(echo, parameters).int64(0, 0)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.sorted() == Array(0..<200))
            await pool.close()
        }
    }

    @Test("connections that the server ended are made again without an error")
    func endedConnections() async throws {
        try await TestDatabase.with(change: { $0.applicationName = "ended-\($0.schema)" }) { database in
            let store = try database.makeStore()
            try await store.ping()
            #expect(try await database.number(Self.end(database)) == 1)
            try await store.ping()
            await store.close()
        }
    }

    @Test("a connection that is lost in the middle of a statement is a retry")
    func lostConnection() async throws {
        try await TestDatabase.with(change: { $0.applicationName = "lost-\($0.schema)" }) { database in
            let store = try database.makeStore()
            let error = await #expect(throws: ChurnError.self) {
                try await store.pool.withConnection("be cut off") { connection in
                    try connection.run("BEGIN")
                    _ = try await database.number(Self.end(database))
                    try connection.run("SELECT 1")
                }
            }
            #expect(error?.code == .storeUnavailable && error?.disposition == .retry)
            try await store.ping()
            await store.close()
        }
    }

    @Test("a transaction that a caller leaves open is rolled back before the next caller")
    func leftOpen() async throws {
        try await TestDatabase.with(change: { $0.poolSize = 1 }) { database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            try await pool.withConnection("leave a transaction open") { connection in
                try connection.run("BEGIN; CREATE TABLE left_open (x int)")
            }
            #expect(try await database.number("SELECT count(*) AS n FROM pg_class WHERE relname = 'left_open'") == 0)
            await pool.close()
        }
    }

    private static func end(_ database: TestDatabase) -> String {
        """
        SELECT count(pg_terminate_backend(pid, 5000)) AS n FROM pg_stat_activity
        WHERE application_name = '\(database.configuration.applicationName)'
        """
    }
}

/// Asks until the answer is yes, for a bounded time.
func eventually(_ isSo: () async throws -> Bool) async throws {
    for _ in 0..<500 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("it did not happen within 10 seconds")
}
