import ChurnCore
import ChurnInsight
import ChurnMemory
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite struct APIKeyTests {
    /// A store that counts its look-ups and can be away.
    private final class CountingStore: APIKeyStore {
        let keys = InMemoryAPIKeyStore()
        let lookUps = Locked(0)
        let isAway = Locked(false)

        func addAPIKey(_ key: APIKey, audit: AuditNote<APIKey>?) async throws -> Bool {
            try await self.keys.addAPIKey(key, audit: audit)
        }
        func apiKeys() async throws -> [APIKey] { try await self.keys.apiKeys() }
        func revokeAPIKey(id: String, at time: Timestamp, audit: AuditNote<APIKey>?) async throws -> APIKey? {
            try await self.keys.revokeAPIKey(id: id, at: time, audit: audit)
        }
        func apiKey(id: String) async throws -> APIKey? {
            self.lookUps.withLock { $0 += 1 }
            if self.isAway.withLock({ $0 }) { throw ChurnError(.storeUnavailable, .retry, during: "look a key up") }
            return try await self.keys.apiKey(id: id)
        }
    }

    private struct Subject {
        let store = CountingStore()
        let clock = TestClock()
        let authenticator: APIKeyAuthenticator
        let record: APIKey
        let key: String

        init(roles: Set<Role> = [.viewer], expiry: Duration? = nil, capacity: Int = 4_096) async throws {
            let (store, clock) = (self.store, self.clock)
            self.authenticator = APIKeyAuthenticator(store: store, capacity: capacity, now: { clock.now })
            let made = APIKey.make(
                name: "dashboard", roles: roles, now: clock.now, expiry: expiry.map { clock.now.advanced(by: $0) })
            self.record = made.record
            self.key = made.key.withExposedValue { $0 }
            _ = try await store.addAPIKey(made.record)
        }

        func principal() async throws -> Principal? { try await self.authenticator.principal(for: self.key) }
    }

    @Test("a key names its bearer and the roles, and its record does not hold it")
    func valid() async throws {
        let subject = try await Subject(roles: [.agent, .ingest], expiry: .seconds(60))
        let principal = try #require(try await subject.principal())
        #expect(principal.name == "key:dashboard")
        #expect(principal.roles == [.agent, .ingest])
        #expect(principal.expiry == subject.record.expiry)
        let secret = subject.key.dropFirst(APIKeyText.word.utf8.count + 13)
        #expect(secret.utf8.count == 64)
        #expect(!"\(subject.record)".contains(secret))
        #expect(subject.key.hasPrefix("churn_\(subject.record.id)_"))
    }

    @Test("two keys never share an id or a secret")
    func random() {
        let keys = (0..<1_000).map { _ in APIKeyText.make() }
        #expect(Set(keys).count == 1_000)
        #expect(Set(keys.map { $0.suffix(64) }).count == 1_000)
        #expect(keys.allSatisfy { APIKeyText.id(in: $0) != nil })
    }

    @Test("text that is no key, or differs from one in any place, names no principal")
    func wrong() async throws {
        let subject = try await Subject()
        var others = ["", "churn_", subject.record.id, subject.key + "0", subject.key.uppercased(), " " + subject.key]
        for (place, byte) in subject.key.utf8.enumerated() {
            var bytes = Array(subject.key.utf8)
            bytes[place] = byte == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            others.append(String(decoding: bytes, as: UTF8.self))
        }
        for other in others {
            let principal = try await subject.authenticator.principal(for: other)
            #expect(principal == nil, "\(other)")
        }
        #expect(try await subject.principal() != nil)
    }

    @Test("text of the wrong form costs no look-up")
    func noLookUp() async throws {
        let subject = try await Subject()
        for text in ["a.b.c", "churn_x", String(repeating: "a", count: 10_000)] {
            _ = try await subject.authenticator.principal(for: text)
        }
        #expect(subject.store.lookUps.withLock { $0 } == 0)
    }

    @Test("a key ends at its expiry, whatever is remembered")
    func expiry() async throws {
        let subject = try await Subject(expiry: .seconds(2))
        #expect(try await subject.principal() != nil)
        subject.clock.advance(by: .milliseconds(1_999))
        #expect(try await subject.principal() != nil)
        subject.clock.advance(by: .milliseconds(1))
        #expect(try await subject.principal() == nil)
    }

    @Test("a revocation counts within seconds, and a busy client costs one look-up in them")
    func revocation() async throws {
        let subject = try await Subject()
        for _ in 0..<100 { #expect(try await subject.principal() != nil) }
        #expect(subject.store.lookUps.withLock { $0 } == 1)
        _ = try await subject.store.revokeAPIKey(id: subject.record.id, at: subject.clock.now)
        subject.clock.advance(by: .seconds(3))
        #expect(try await subject.principal() == nil)
    }

    @Test("a clock that leaps back does not prolong what is remembered")
    func clockLeapsBack() async throws {
        let subject = try await Subject()
        #expect(try await subject.principal() != nil)
        _ = try await subject.store.revokeAPIKey(id: subject.record.id, at: subject.clock.now)
        subject.clock.advance(by: .seconds(-3_600))
        #expect(try await subject.principal() == nil)
    }

    @Test("a role that this version does not know allows nothing")
    func unknownRole() async throws {
        let subject = try await Subject()
        var record = subject.record
        let text = APIKeyText.make()
        record.id = try #require(APIKeyText.id(in: text))
        record.digest = APIKeyText.digest(of: text)
        record.name = "another"
        record.roles = ["owner", "viewer"]
        _ = try await subject.store.addAPIKey(record)
        #expect(try await subject.authenticator.principal(for: text)?.roles == [.viewer])
    }

    @Test("a store that is away is an error, not a refusal")
    func away() async throws {
        let subject = try await Subject()
        subject.store.isAway.withLock { $0 = true }
        await #expect(throws: ChurnError.self) { try await subject.principal() }
        let several = MultiplexAuthenticator([subject.authenticator])
        await #expect(throws: ChurnError.self) { try await several.principal(for: subject.key) }
    }

    @Test("what is remembered is bounded, and the newest is remembered")
    func bounded() async throws {
        let subject = try await Subject(capacity: 10)
        for _ in 0..<100 { _ = try await subject.authenticator.principal(for: APIKeyText.make()) }
        #expect(try await subject.principal() != nil)
        let before = subject.store.lookUps.withLock { $0 }
        #expect(try await subject.principal() != nil)
        #expect(subject.store.lookUps.withLock { $0 } == before)
    }

    @Test("digests are compared in whole", arguments: [([], [], true), ([1], [], false), ([1, 2], [1, 3], false)])
    func constantTime(_ a: [UInt8], _ b: [UInt8], _ equal: Bool) {
        #expect(ConstantTime.equal(a, b) == equal)
        #expect(ConstantTime.equal(b, a) == equal)
    }
}
