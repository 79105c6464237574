import ChurnCore
import Crypto
import CryptoExtras
import Testing

@testable import ChurnServe

@Suite struct JWKSFileTests {
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
        let keys = try await JWKSFile(path: file.path)
        #expect(await keys.key(named: "one")?.algorithm == "ES256")
        for name in ["o", "e", "two", "three", ""] { #expect(await keys.key(named: name) == nil, "\(name)") }
    }

    @Test("a file without a usable key is refused, and says what is wrong")
    func unusable() async throws {
        let entry = TestTokens.entry(self.first, kid: "one")
        let small = #"{"kty":"RSA","kid":"s","n":"AQAB","e":"AQAB"}"#
        let cases = [
            ("", "is not a JWKS"), ("{}", "is not a JWKS"), (#"{"keys":[]}"#, "has no key"),
            (Self.document(TestTokens.entry(self.first, kid: "a", more: #","d":"AAAA""#)), "has a private key"),
            (Self.document(entry, entry), "names two keys alike"), (Self.document(small), "damaged or too short"),
            (Self.document(#"{"kty":"EC","crv":"P-256","kid":"b","x":"AAAA","y":"AAAA"}"#), "damaged or too short"),
            (#"{"keys":[\#(String(repeating: "7,", count: 100))7]}"#, "more than 100 keys"),
            (String(repeating: " ", count: 1 << 20) + self.one, "larger than 1 MiB"),
        ]
        for (text, says) in cases {
            let file = try TestFile(text)
            let error = await #expect(throws: ChurnError.self) { try await JWKSFile(path: file.path) }
            #expect(error?.advice.contains(says) == true, "\(says): \(error?.advice ?? "")")
            #expect(error?.code == .invalidConfiguration)
        }
        await #expect(throws: ChurnError.self) { try await JWKSFile(path: "/nowhere/keys.json") }
    }

    @Test("a changed file is read again within a second: new keys count, old ones no more")
    func rotation() async throws {
        let file = try TestFile(self.one)
        let keys = try await JWKSFile(path: file.path)
        let start = ContinuousClock.now
        try file.write(self.two)
        // Not looked at again so soon.
        #expect(await keys.key(named: "one", now: start + .milliseconds(500)) != nil)
        #expect(await keys.key(named: "one", now: start + .milliseconds(1_500)) == nil)
        #expect(await keys.key(named: "two", now: start + .milliseconds(1_600)) != nil)
    }

    @Test("an unknown name makes the file be read again, once in five seconds at most")
    func unknownName() async throws {
        let file = try TestFile(self.one)
        let keys = try await JWKSFile(path: file.path)
        let start = ContinuousClock.now
        #expect(await keys.key(named: "two", now: start + .seconds(6)) == nil)
        try file.write(self.two)
        #expect(await keys.key(named: "two", now: start + .milliseconds(6_500)) == nil)
        #expect(await keys.key(named: "two", now: start + .seconds(12)) != nil)
    }

    @Test("a file that vanishes or breaks leaves the keys that were there", arguments: [nil, "{", #"{"keys":[]}"#])
    func broken(_ text: String?) async throws {
        let file = try TestFile(self.one)
        let keys = try await JWKSFile(path: file.path)
        let start = ContinuousClock.now
        if let text { try file.write(text) } else { file.remove() }
        #expect(await keys.key(named: "one", now: start + .seconds(10)) != nil)
        try file.write(self.two)
        #expect(await keys.key(named: "two", now: start + .seconds(20)) != nil)
    }
}
