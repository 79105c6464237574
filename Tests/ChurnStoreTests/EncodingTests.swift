import ChurnCore
import Foundation
import Testing

@testable import ChurnStore

@Suite("A database that does not hold UTF-8", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct EncodingTests {
    @Test("is refused by whatever connects, before anything is written", arguments: ["SQL_ASCII", "LATIN1"])
    func refused(_ encoding: String) async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let name = "churn_encoding_\(UInt64.random(in: 1 << 32..<1 << 48))"
            try await database.run(
                "CREATE DATABASE \(name) ENCODING '\(encoding)' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
            let text = try #require(TestDatabase.url)
            var url = try #require(URLComponents(string: text))
            url.path = "/\(name)"
            var configuration = database.configuration
            configuration.url = Secret(try #require(url.string))
            let migrator = try Migrator(configuration, domain: database.domain, logger: TestDatabase.logger)
            let store = try PostgresStore(configuration, domain: database.domain, logger: TestDatabase.logger)
            let errors = [
                await #expect(throws: ChurnError.self) { try await migrator.migrate() },
                await #expect(throws: ChurnError.self) { try await migrator.status() },
                await #expect(throws: ChurnError.self) { try await store.ping() },
            ]
            for error in errors {
                #expect(error?.code == .invalidConfiguration && error?.disposition == .fatal)
                #expect(error?.advice.contains(encoding) == true)
            }
            await migrator.close()
            await store.close()
            try await database.run("DROP DATABASE \(name) WITH (FORCE)")
        }
    }
}
