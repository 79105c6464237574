import ChurnCore
import Testing

@testable import ChurnStore

struct ConnectionSettingsTests {
    private static func parameters(_ url: String) throws -> [String: String] {
        let settings = try ConnectionSettings(PostgresConfiguration(url: Secret(url)))
        var found: [String: String] = [:]
        _ = settings.withCStrings { keywords, values -> Bool? in
            var index = 0
            while let keyword = keywords[index], let value = values[index] {
                found[String(cString: keyword)] = String(cString: value)
                index += 1
            }
            return true
        }
        return found
    }

    @Test(
        "TLS is required unless the host is this machine or the URL says otherwise",
        arguments: [
            ("postgres://db.example/churn", "require"), ("postgres://127.0.0.1/churn", "prefer"),
            ("postgres://[::1]:5432/churn", "prefer"), ("postgres://localhost/churn", "prefer"),
            ("postgres:///churn?host=/run/postgresql", "prefer"), ("postgres:///churn", "prefer"),
            ("postgres://127.0.0.1.example.org/churn", "require"), ("postgres://127.0.0.1,db.example/churn", "require"),
            ("postgres://localhost/churn?hostaddr=10.0.0.7", "require"),
            ("postgres://db.example/churn?sslmode=verify-full", "verify-full"),
            ("postgres://db.example/churn?sslmode=disable", "disable"),
        ])
    func tls(_ url: String, _ mode: String) throws {
        #expect(try Self.parameters(url)["sslmode"] == mode)
    }

    @Test("the search path and the timeouts are set in the session, and the URL's own options stay as they are")
    func options() throws {
        let url = "postgres://h/d?options=-c%20work_mem%3D1MB"
        #expect(try Self.parameters(url)["options"] == "-c work_mem=1MB")
        #expect(try Self.parameters("postgres://h/d")["options"] == nil)
        let pinned = try ConnectionSettings(PostgresConfiguration(url: Secret(url))).pinned
        #expect(pinned.hasPrefix("SET search_path = \"public\", pg_temp; SET statement_timeout = 30000; SET "))
    }

    @Test("a URL that is none is refused without quoting it")
    func invalid() throws {
        for url in ["postgres://user:s3cret@[host/x", "user=x password=s3cret nonsense", "http://s3cret"] {
            let error = #expect(throws: ChurnError.self) { try Self.parameters(url) }
            #expect(error?.code == .invalidConfiguration)
            #expect(!String(reflecting: error).contains("s3cret"))
        }
    }

    @Test("a configuration and what is made of it print without the password")
    func printing() throws {
        let configuration = PostgresConfiguration(url: Secret("postgres://user:s3cret@127.0.0.1/churn"))
        var text = "\(configuration)"
        dump(configuration, to: &text)
        dump(try ConnectionSettings(configuration), to: &text)
        #expect(!text.contains("s3cret"))
    }

    @Test("a server that cannot be reached, or says nothing, is a retry that names the address and no password")
    func unreachable() async throws {
        let silent = try SilentListener()
        defer { silent.close() }
        for port in [1, silent.port] {
            var configuration = PostgresConfiguration(
                url: Secret("postgres://user:s3cret@127.0.0.1:\(port)/churn"))
            configuration.connectTimeout = .milliseconds(200)
            let store = try PostgresStore(configuration, domain: .telco, logger: TestDatabase.logger)
            let error = await #expect(throws: ChurnError.self) { try await store.ping() }
            #expect(error?.code == .storeUnavailable && error?.disposition == .retry)
            #expect(error?.advice.isEmpty == false)
            #expect(!String(reflecting: error).contains("s3cret"))
            await store.close()
        }
    }
}
