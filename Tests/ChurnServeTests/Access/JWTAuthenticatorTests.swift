import ChurnCore
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import ChurnServe

/// Claims that differ from those of a good token.
private enum Changes {
    static func at(_ seconds: Int) -> String { "\(Int(TestTokens.now.seconds) + seconds)" }

    static let good: [([String: String?], [String])] = [
        ([:], ["viewer"]), (["aud": #"["other","churn"]"#], ["viewer"]),
        (["roles": #"["agent","ingest","owner"]"#], ["agent", "ingest"]), (["roles": #""admin""#], ["admin"]),
        (["roles": nil], []), (["roles": "7"], []), (["roles": #""openid viewer agent""#], ["viewer", "agent"]),
        (["roles": #"["viewer",5,null,["admin"],{"a":"admin"}]"#], ["viewer"]), (["roles": #"["Viewer"]"#], []),
        (["aud": #"["churn",5]"#], ["viewer"]), (["exp": "\(at(300)).0"], ["viewer"]),
        (["roles": #"" viewer  agent ""#], ["viewer", "agent"]), (["nbf": at(0)], ["viewer"]),
        (["extra": #"{"a":[1,null,{"b":true}]}"#], ["viewer"]),
    ]

    static let longName = "\"\(String(repeating: "a", count: 257))\""
    static let bad: [(String, String?)] = [
        ("iss", #""https://other.example""#), ("iss", nil), ("iss", #"["https://issuer.example"]"#),
        ("aud", #""other""#), ("aud", nil), ("aud", "[]"), ("aud", "7"), ("aud", #""CHURN""#),
        ("exp", nil), ("exp", at(-30)), ("exp", at(-3_600)), ("exp", #""never""#), ("exp", "1e300"),
        ("exp", "null"), ("nbf", at(31)), ("nbf", #""now""#), ("nbf", "null"), ("sub", nil), ("sub", #""""#),
        ("sub", "7"), ("sub", #""a\nb""#), ("sub", longName),
    ]
}

@Suite struct JWTAuthenticatorTests {
    private let tokens = TestTokens()

    private func configuration(keysFile: String? = nil, rolesClaim: String = "roles") -> JWTConfiguration {
        JWTConfiguration(
            issuer: TestTokens.issuer, audience: TestTokens.audience, secret: Secret(self.tokens.secret),
            keysFile: keysFile, rolesClaim: rolesClaim)
    }

    private func authenticator(keysFile: String? = nil, rolesClaim: String = "roles") async throws -> JWTAuthenticator {
        try await JWTAuthenticator(
            self.configuration(keysFile: keysFile, rolesClaim: rolesClaim), now: { TestTokens.now })
    }

    @Test("a good token names its bearer, roles and end", arguments: Changes.good)
    func good(_ changes: [String: String?], _ roles: [String]) async throws {
        let token = self.tokens.hs256(TestTokens.claims(changes))
        let principal = try #require(try await self.authenticator().principal(for: token))
        #expect(principal.name == "user:ann")
        #expect(Set(principal.roles.map(\.rawValue)) == Set(roles))
        #expect(principal.expiry == TestTokens.now.advanced(by: .seconds(330)))
    }

    @Test("a token with a claim that is not accepted names no principal", arguments: Changes.bad)
    func badClaims(_ name: String, _ value: String?) async throws {
        let token = self.tokens.hs256(TestTokens.claims([name: value]))
        let principal = try await self.authenticator().principal(for: token)
        #expect(principal == nil)
    }

    @Test(
        "clocks may differ by 30 s",
        arguments: [("exp", -29, true), ("exp", -30, false), ("nbf", 30, true), ("nbf", 31, false)])
    func leeway(_ name: String, _ seconds: Int, _ isGood: Bool) async throws {
        let token = self.tokens.hs256(TestTokens.claims([name: Changes.at(seconds)]))
        let principal = try await self.authenticator().principal(for: token)
        #expect((principal != nil) == isGood)
    }

    @Test(
        "roles may lie within objects, whose names may have dots of their own",
        arguments: [
            ("realm_access.roles", #"{"roles":["agent"]}"#, "realm_access", true),
            ("resource_access.churn-app.roles", #"{"churn-app":{"roles":["agent"]}}"#, "resource_access", true),
            ("resource_access.churn.app.roles", #"{"churn.app":{"roles":["agent"]}}"#, "resource_access", true),
            ("resource_access.a.b.roles", #"{"a.b":{},"a":{"b":{"roles":"agent"}}}"#, "resource_access", true),
            ("https://churn.example.com/roles", #"["agent"]"#, "https://churn.example.com/roles", true),
            ("cognito:groups", #"["agent"]"#, "cognito:groups", true),
            ("resource_access.churn.roles", #"{"churn.app":{"roles":["agent"]}}"#, "resource_access", false),
            ("resource_access..roles", #"{"":{"roles":["agent"]}}"#, "resource_access", true),
            ("scope", #""openid agent""#, "scope", true),
        ])
    func nestedRoles(_ path: String, _ value: String, _ name: String, _ isFound: Bool) async throws {
        let token = self.tokens.hs256(TestTokens.claims([name: value]))
        let principal = try await self.authenticator(rolesClaim: path).principal(for: token)
        #expect(principal?.roles == (isFound ? [.agent] : []))
    }

    @Test(
        "the log says why a token is refused, once, and nothing that it holds",
        arguments: [
            ("iss", #""https://issuer.example/""#, "iss is missing"), ("aud", nil, "aud is missing"),
            ("exp", "1", "exp is missing or past"), ("sub", nil, "sub is missing"),
            ("nbf", Changes.at(300), "nbf is to come"), ("roles", #"["Canary"]"#, "the claim of roles"),
        ] as [(String, String?, String)])
    func reasons(_ name: String, _ value: String?, _ reason: String) async throws {
        let lines = LogLines()
        let authenticator = try await JWTAuthenticator(
            self.configuration(), now: { TestTokens.now }, logger: lines.logger)
        for _ in 0..<3 {
            _ = try await authenticator.principal(for: self.tokens.hs256(TestTokens.claims([name: value])))
        }
        #expect(lines.details.count == 1)
        #expect(lines.details.first?.contains(reason) == true)
        #expect(lines.details.first?.contains("anary") == false)
    }

    @Test("a token that is signed with another key, or changed afterwards, names no principal")
    func signatures() async throws {
        let good = self.tokens.hs256()
        let parts = good.split(separator: ".").map(String.init)
        let admin = TestTokens.part(TestTokens.claims(["roles": #"["admin"]"#]))
        let bad = [
            self.tokens.hs256(secret: Array("another secret of more than 32 bytes".utf8)),
            "\(parts[0]).\(admin).\(parts[2])", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
            "\(parts[0]).\(parts[1]).\(parts[2]).\(parts[2])", "\(good)A", "..", "", "a.b.c", "é.é.é",
            String(repeating: "a", count: 20_000), good + String(repeating: "A", count: 9_000),
        ]
        let authenticator = try await self.authenticator()
        for token in bad {
            let principal = try await authenticator.principal(for: token)
            #expect(principal == nil, "\(token.prefix(100))")
        }
        #expect(try await authenticator.principal(for: good) != nil)
    }

    @Test(
        "only the algorithms of the list are accepted, and nothing that must be understood and is not",
        arguments: [
            #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"HS512"}"#, #"{"alg":"hs256"}"#, #"{"alg":""}"#, "{}",
            #"{"alg":"RS256"}"#, #"{"alg":"ES256"}"#, #"{"alg":"HS256","crit":["exp"]}"#,
            #"{"alg":"HS256","crit":1}"#, #"{"alg":null}"#, "[]", "not JSON",
        ])
    func heads(_ header: String) async throws {
        let file = try TestFile(#"{"keys":[\#(self.tokens.curveEntry)]}"#)
        let principal = try await self.authenticator(keysFile: file.path)
            .principal(for: self.tokens.hs256(header: header))
        #expect(principal == nil)
    }

    @Test("RS256 and ES256 are checked with the key that the token names")
    func publicKeys() async throws {
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let other = P256.Signing.PrivateKey()
        let file = try TestFile(
            #"{"keys":[\#(self.tokens.curveEntry),\#(try TestTokens.entry(rsa, kid: "rsa"))]}"#)
        let authenticator = try await self.authenticator(keysFile: file.path)
        for token in [try self.tokens.es256(), try TestTokens.rs256(rsa, kid: "rsa")] {
            #expect(try await authenticator.principal(for: token)?.name == "user:ann")
        }
        let bad = [
            try TestTokens.es256(other, kid: "curve"), try self.tokens.es256(kid: "rsa"),
            try self.tokens.es256(kid: nil), try self.tokens.es256(kid: "unknown"),
            try TestTokens.rs256(rsa, kid: "curve"), try TestTokens.rs256(rsa, kid: "rsa", alg: "RS512"),
            try TestTokens.rs256(rsa, kid: "rsa", alg: "PS256"), try self.tokens.es256(alg: "RS256"),
            // The oldest trick: the public key as a secret.
            self.tokens.hs256(
                header: #"{"alg":"HS256","kid":"curve"}"#,
                secret: Array(self.tokens.curveKey.publicKey.pemRepresentation.utf8)
            ),
        ]
        for (index, token) in bad.enumerated() {
            let principal = try await authenticator.principal(for: token)
            #expect(principal == nil, "case \(index)")
        }
    }

    @Test("a configuration that would be unsafe is refused before anything is accepted")
    func unsafe() async throws {
        var short = self.configuration()
        short.secret = Secret(Array(repeating: 7, count: 31))
        var none = self.configuration()
        none.secret = nil
        var issuer = self.configuration()
        issuer.issuer = ""
        var audience = self.configuration()
        audience.audience = ""
        for configuration in [short, none, issuer, audience] {
            let error = await #expect(throws: ChurnError.self) { try await JWTAuthenticator(configuration) }
            #expect(error?.code == .invalidConfiguration && error?.disposition == .fatal)
        }
        var exact = self.configuration()
        exact.secret = Secret(Array(repeating: 7, count: 32))
        _ = try await JWTAuthenticator(exact)
    }
}
