import ChurnCore
public import ChurnInsight

/// The contract of every store of API keys.
///
/// The subject is fresh and empty.
public enum APIKeyStoreContract {
    /// One promise.
    public typealias Check = ContractCheck<any APIKeyStore & AuditLog>

    /// The promises.
    public static let checks: [Check] = [
        Check("a key that was added is found again with all its properties") { store, findings in
            let keys = [
                Self.key("a", at: 1), Self.key("b", at: 2, expiry: 50, revoked: 9),
                APIKey(id: "c", name: "o'clock \"x\"", roles: [], digest: [], created: Self.time(3)),
            ]
            for key in keys { findings.expect(try await store.addAPIKey(key), "\(key.id) was not added") }
            for key in keys {
                let found = try await store.apiKey(id: key.id)
                findings.expectEqual(found, key, "the key \(key.id)")
            }
            let none = try await store.apiKey(id: "A")
            findings.expectEqual(none, nil, "a key of another id")
        },
        Check("a key whose id is taken is not added, and changes nothing") { store, findings in
            let first = Self.key("a", at: 1)
            findings.expect(try await store.addAPIKey(first), "the first was not added")
            findings.expect(!(try await store.addAPIKey(Self.key("a", at: 2))), "the second was added")
            let kept = try await store.apiKeys()
            findings.expectEqual(kept, [first], "the keys")
        },
        Check("a name is that of one key, until that is revoked") { store, findings in
            let first = Self.key("a", at: 1)
            var second = Self.key("b", at: 2)
            second.name = first.name
            findings.expect(try await store.addAPIKey(first), "the first was not added")
            findings.expect(
                !(try await store.addAPIKey(second, audit: AuditSamples.note)), "the second has the first's name")
            var other = Self.key("c", at: 3)
            other.name = first.name.uppercased()
            findings.expect(try await store.addAPIKey(other), "a name in capitals was not added")
            _ = try await store.revokeAPIKey(id: "a", at: Self.time(4))
            findings.expect(try await store.addAPIKey(second), "the name is still taken")
            try await AuditSamples.expect([], in: store, findings)
        },
        Check("keys are listed from the oldest on, then by id, revoked ones too") { store, findings in
            let keys = [Self.key("d", at: 1), Self.key("b", at: 2, revoked: 3), Self.key("c", at: 2)]
            for key in keys.reversed() { _ = try await store.addAPIKey(key) }
            let listed = try await store.apiKeys()
            findings.expectEqual(listed, keys, "the keys")
        },
        Check("a revoked key is returned, stays, and keeps the time of its first revocation") { store, findings in
            _ = try await store.addAPIKey(Self.key("a", at: 1))
            _ = try await store.addAPIKey(Self.key("b", at: 1))
            let expected = Self.key("a", at: 1, revoked: 5)
            for time: Int64 in [5, 6, 4] {
                let revoked = try await store.revokeAPIKey(id: "a", at: Self.time(time))
                findings.expectEqual(revoked, expected, "the revoked key")
            }
            let all = try await store.apiKeys()
            findings.expectEqual(all, [expected, Self.key("b", at: 1)], "the keys")
        },
        Check("a key that is not there is not revoked") { store, findings in
            let revoked = try await store.revokeAPIKey(id: "a", at: Self.time(1))
            findings.expectEqual(revoked, nil, "the revoked key")
            let all = try await store.apiKeys()
            findings.expect(all.isEmpty, "there are keys")
        },
        Check("a key is added with its audit entry, and neither is kept where the other cannot be") { store, findings in
            let key = Self.key("a", at: 1)
            await AuditSamples.expectRefusal(findings) {
                _ = try await store.addAPIKey(key, audit: AuditSamples.refusedNote)
            }
            let none = try await store.apiKey(id: "a")
            findings.expectEqual(none, nil, "the key after a refused entry")
            findings.expect(try await store.addAPIKey(key) { AuditSamples.entry($0.id) }, "the key was not added")
            findings.expect(!(try await store.addAPIKey(key, audit: AuditSamples.note)), "the key was added twice")
            try await AuditSamples.expect(["a"], in: store, findings)
        },
        Check("a revocation comes with its audit entry, and neither is kept where the other cannot be") {
            store, findings in
            _ = try await store.addAPIKey(Self.key("a", at: 1))
            await AuditSamples.expectRefusal(findings) {
                _ = try await store.revokeAPIKey(id: "a", at: Self.time(5), audit: AuditSamples.refusedNote)
            }
            let kept = try await store.apiKey(id: "a")
            findings.expectEqual(kept, Self.key("a", at: 1), "the key after a refused entry")
            // Only the first revocation changes anything.
            for time: Int64 in [5, 6] {
                _ = try await store.revokeAPIKey(id: "a", at: Self.time(time)) {
                    AuditSamples.entry("\($0.id) revoked")
                }
            }
            _ = try await store.revokeAPIKey(id: "b", at: Self.time(5), audit: AuditSamples.note)
            try await AuditSamples.expect(["a revoked"], in: store, findings)
        },
        Check("of many who add one id at once, one succeeds") { store, findings in
            let added = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number: Int64 in 1...8 {
                    group.addTask { try await store.addAPIKey(Self.key("a", at: number)) }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            findings.expectEqual(added, 1, "the number of successes")
        },
    ]

    private static func time(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: 1_767_225_600_000_000 + seconds * 1_000_000)
    }

    private static func key(
        _ id: String, at created: Int64, expiry: Int64? = nil, revoked: Int64? = nil
    ) -> APIKey {
        APIKey(
            id: id, name: "name of \(id)", roles: ["viewer", "a role of later"],
            digest: (0..<32).map { UInt8($0 * 8) }, created: self.time(created), expiry: expiry.map(self.time),
            revoked: revoked.map(self.time))
    }
}
