import ChurnCore
import Foundation
import Testing

@testable import ChurnStore

extension TestDatabase {
    /// Creates a role that may use the schema, with grants whose end is the schema and the role.
    func makeRole(_ grants: [String]) async throws -> String {
        let role = "churn_role_\(UInt64.random(in: 1 << 32..<1 << 48))"
        let schema = self.configuration.schema
        try await self.run("CREATE ROLE \(role) LOGIN; GRANT USAGE ON SCHEMA \(schema) TO \(role)")
        for grant in grants { try await self.run("\(grant) \(schema) TO \(role)") }
        return role
    }

    func dropRole(_ role: String) async throws { try await self.run("DROP OWNED BY \(role); DROP ROLE \(role)") }

    /// The configuration for connections of a role.
    func configuration(of role: String) throws -> PostgresConfiguration {
        let text = try #require(Self.url)
        var url = try #require(URLComponents(string: text))
        url.user = role
        var configuration = self.configuration
        configuration.url = Secret(try #require(url.string))
        return configuration
    }
}
