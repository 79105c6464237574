import ChurnCore
import Crypto
import CryptoExtras
import Testing

@testable import ChurnServe

@Suite struct PublicKeysFileTests {
    private let first = P256.Signing.PrivateKey()
    private let second = P256.Signing.PrivateKey()

    private static func document(_ entries: String...) -> String {
        #"{"keys":[\#(entries.joined(separator: ","))]}"#
    }

    private var one: String { Self.document(TestTokens.entry(self.first, kid: "one")) }
    private var two: String { Self.document(TestTokens.entry(self.second, kid: "two")) }

    @Test("keys of other kinds, for encryption or without a name do no harm")
    func otherKinds() async throws {
        let key = TestTokens.entry(self.first, kid: "one")
        let file = try TestFile(
            Self.document(
                key, #"{"kty":"oct","kid":"o","k":"AAAA"}"#, #"{"kty":"OKP","crv":"Ed25519","kid":"e","x":"AAAA"}"#,
                #"{"kty":"new"}"#, "7", TestTokens.entry(self.second, kid: "two", more: #","use":"enc""#),
                TestTokens.entry(self.second, kid: "three", more: #","alg":"ES384""#),
                TestTokens.entry(self.second, kid: "")))
        let keys = try await PublicKeysFile(path: file.path)
        #expect(await keys.keys(named: "one", algorithm: "ES256").count == 1)
        #expect(await keys.keys(named: "one", algorithm: "RS256").isEmpty)
        #expect(await keys.keys(named: nil, algorithm: "ES256").isEmpty)
        for name in ["o", "e", "two", "three", ""] {
            #expect(await keys.keys(named: name, algorithm: "ES256").isEmpty, "\(name)")
        }
    }

    @Test("a file without a usable key is refused, and says what is wrong")
    func unusable() async throws {
        let entry = TestTokens.entry(self.first, kid: "one")
        let small = #"{"kty":"RSA","kid":"s","n":"AQAB","e":"AQAB"}"#
        let cases = [
            ("", "neither a JWKS"), ("{}", "neither a JWKS"), (#"{"keys":[]}"#, "has no key"),
            (Self.document(TestTokens.entry(self.first, kid: "a", more: #","d":"AAAA""#)), "has a private key"),
            (Self.document(entry, entry), "names two keys alike"), (Self.document(small), "damaged or too short"),
            (Self.document(#"{"kty":"EC","crv":"P-256","kid":"b","x":"AAAA","y":"AAAA"}"#), "damaged or too short"),
            (#"{"keys":[\#(String(repeating: "7,", count: 100))7]}"#, "more than 100 keys"),
            (String(repeating: " ", count: 1 << 20) + self.one, "larger than 1 MiB"),
        ]
        for (text, says) in cases {
            let file = try TestFile(text)
            let error = await #expect(throws: ChurnError.self) { try await PublicKeysFile(path: file.path) }
            #expect(error?.advice.contains(says) == true, "\(says): \(error?.advice ?? "")")
            #expect(error?.code == .invalidConfiguration)
        }
        await #expect(throws: ChurnError.self) { try await PublicKeysFile(path: "/nowhere/keys.json") }
    }

    @Test("a changed file is read again within a second: new keys count, old ones no more")
    func rotation() async throws {
        let file = try TestFile(self.one)
        let keys = try await PublicKeysFile(path: file.path)
        let start = ContinuousClock.now
        try file.write(self.two)
        // Not looked at again so soon.
        #expect(await !keys.keys(named: "one", algorithm: "ES256", now: start + .milliseconds(500)).isEmpty)
        #expect(await keys.keys(named: "one", algorithm: "ES256", now: start + .milliseconds(1_500)).isEmpty)
        #expect(await !keys.keys(named: "two", algorithm: "ES256", now: start + .milliseconds(1_600)).isEmpty)
    }

    @Test("an unknown name makes the file be read again, once in five seconds at most")
    func unknownName() async throws {
        let file = try TestFile(self.one)
        let keys = try await PublicKeysFile(path: file.path)
        let start = ContinuousClock.now
        #expect(await keys.keys(named: "two", algorithm: "ES256", now: start + .seconds(6)).isEmpty)
        try file.write(self.two)
        #expect(await keys.keys(named: "two", algorithm: "ES256", now: start + .milliseconds(6_500)).isEmpty)
        #expect(await !keys.keys(named: "two", algorithm: "ES256", now: start + .seconds(12)).isEmpty)
    }

    @Test("a file that vanishes or breaks leaves the keys that were there", arguments: [nil, "{", #"{"keys":[]}"#])
    func broken(_ text: String?) async throws {
        let file = try TestFile(self.one)
        let keys = try await PublicKeysFile(path: file.path)
        let start = ContinuousClock.now
        if let text { try file.write(text) } else { file.remove() }
        #expect(await !keys.keys(named: "one", algorithm: "ES256", now: start + .seconds(10)).isEmpty)
        try file.write(self.two)
        #expect(await !keys.keys(named: "two", algorithm: "ES256", now: start + .seconds(20)).isEmpty)
    }
}
