import ChurnCore
import Foundation
import Logging
import Testing

@testable import ChurnStore

/// A database of a test's own in the server that CHURN_TEST_POSTGRES_URL names; for commands, whose schema is fixed.
enum OwnDatabase {
    static let url = ProcessInfo.processInfo.environment["CHURN_TEST_POSTGRES_URL"]
    static let absence: Comment = "CHURN_TEST_POSTGRES_URL names no server; Scripts/postgres.sh starts one"

    /// Runs `body` with the URL of a new database, which is dropped afterwards.
    static func with(_ body: (_ url: String) async throws -> Void) async throws {
        let server = try #require(Self.url)
        let name = "churn_test_\(UInt64.random(in: 1 << 32..<1 << 48))"
        var own = try #require(URLComponents(string: server))
        own.path = "/\(name)"
        let url = try #require(own.string)
        let pool = try PostgresPool(
            PostgresConfiguration(url: Secret(server)), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await pool.withConnection("make a test's database") { try $0.run("CREATE DATABASE \(name)") }
            try await body(url)
            try await pool.withConnection("drop a test's database") { try $0.run("DROP DATABASE \(name) WITH (FORCE)") }
        } catch {
            try? await pool.withConnection("drop a test's database") {
                try $0.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
            }
            await pool.close()
            throw error
        }
        await pool.close()
    }
}
