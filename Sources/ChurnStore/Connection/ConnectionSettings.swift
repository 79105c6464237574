import CPostgres
import ChurnCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// libpq's parameters for a configuration, checked, and the settings of the server that we pin.
struct ConnectionSettings: Sendable {
    private let parameters: Secret<[String: String]>
    /// Sets what we pin, in one round trip once the connection stands.
    ///
    /// Not by the parameter `options`, which poolers refuse or drop without a word.
    let pinned: String

    /// - Throws: `invalidConfiguration` when the URL is none. libpq's message quotes the URL, so it is dropped.
    init(_ configuration: PostgresConfiguration) throws {
        var parameters = try configuration.url.withExposedValue(Self.parse)
        try Self.check(parameters)
        let schema = try Identifier(configuration.schema)
        if parameters["sslmode"] == nil { parameters["sslmode"] = Self.isLocal(parameters) ? "prefer" : "require" }
        parameters["client_encoding"] = "UTF8"
        parameters["application_name"] = parameters["application_name"] ?? configuration.applicationName
        parameters["tcp_user_timeout"] = parameters["tcp_user_timeout"] ?? "30000"
        self.parameters = Secret(parameters)
        var settings = [
            "search_path = \(schema.quoted), pg_temp",
            "statement_timeout = \(Self.milliseconds(configuration.statementTimeout ?? .zero))",
            "lock_timeout = \(Self.milliseconds(configuration.lockTimeout))",
            "idle_in_transaction_session_timeout = \(Self.milliseconds(configuration.idleTransactionTimeout))",
            "synchronous_commit = \(configuration.durability == .durable ? "on" : "off")", "TimeZone = 'UTC'",
        ]
        if configuration.plans == .lookUps {
            settings += ["plan_cache_mode = force_generic_plan", "jit = off"]
            settings += ["seqscan", "hashjoin", "mergejoin"].map { "enable_\($0) = off" }
        }
        self.pinned = settings.map { "SET \($0)" }.joined(separator: "; ")
    }

    /// Hands libpq's two parallel arrays, each ending with a null pointer, to `body`.
    func withCStrings<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result?
    ) -> Result? {
        self.parameters.withExposedValue { parameters in
            var owned: [UnsafeMutablePointer<CChar>?] = []
            defer { for pointer in owned { free(pointer) } }
            var keywords: [UnsafePointer<CChar>?] = []
            var values: [UnsafePointer<CChar>?] = []
            for (keyword, value) in parameters {
                let (keyword, value) = (strdup(keyword), strdup(value))
                owned += [keyword, value]
                keywords.append(keyword.map { UnsafePointer($0) })
                values.append(value.map { UnsafePointer($0) })
            }
            keywords.append(nil)
            values.append(nil)
            return keywords.withUnsafeBufferPointer { keywords in
                values.withUnsafeBufferPointer { values in
                    guard let keywords = keywords.baseAddress, let values = values.baseAddress else { return nil }
                    return body(keywords, values)
                }
            }
        }
    }

    private static func parse(_ url: String) throws -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        defer { PQfreemem(message) }
        guard let options = PQconninfoParse(url, &message) else {
            throw Self.refusal("It is not of the form postgres://user@host:port/database?parameter=value.")
        }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var next = options
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            next += 1
        }
        return parameters
    }

    /// Checks what libpq finds wrong only when it connects, so that a typing error is not waited for like an outage.
    private static func check(_ parameters: [String: String]) throws {
        let ports = (parameters["port"] ?? "").split(separator: ",")
        let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
        guard ports.allSatisfy({ Int($0).map { (1...65_535).contains($0) } ?? false }) else {
            throw Self.refusal("Its port is not a number from 1 to 65535.")
        }
        guard parameters["sslmode"].map(modes.contains) ?? true else {
            throw Self.refusal("Its sslmode is none of \(modes.joined(separator: ", ")).")
        }
    }

    private static func refusal(_ advice: String) -> ChurnError {
        ChurnError(.invalidConfiguration, .fatal, during: "read the PostgreSQL URL", advice: advice)
    }

    /// Returns whether every host is this machine: a loopback address, a Unix socket, or none at all (libpq's default
    /// socket).
    static func isLocal(_ parameters: [String: String]) -> Bool {
        let hosts = (parameters["hostaddr"] ?? parameters["host"] ?? "").split(separator: ",")
        return hosts.allSatisfy { host in
            host.hasPrefix("/") || host.hasPrefix("@") || LoopbackAddress.contains(String(host))
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(min(duration / .milliseconds(1), 2_000_000_000))
    }
}
