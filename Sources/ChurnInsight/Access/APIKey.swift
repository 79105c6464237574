public import ChurnCore

/// An API key as it is kept: everything but the key itself.
///
/// Kept is the SHA-256 of the whole key. A slow, salted hash protects passwords because people choose guessable ones; a
/// key is 256 random bits, which no one can try through however fast the hash is, and a fast one keeps the check of
/// every request cheap.
public struct APIKey: Hashable, Sendable {
    /// The beginning of the key, by which it is looked up and named; no secret.
    public var id: String
    /// The bearer's name in the audit log and the limits.
    public var name: String
    /// The bearer's roles; a role that the serving side does not know allows nothing.
    public var roles: Set<String>
    /// The SHA-256 of the whole key.
    public var digest: [UInt8]
    /// The time of its creation.
    public var created: Timestamp
    /// From when it counts no more; nil for never.
    public var expiry: Timestamp?
    /// The time of its revocation; nil where it is not revoked.
    public var revoked: Timestamp?

    /// Creates a key's record.
    public init(
        id: String, name: String, roles: Set<String>, digest: [UInt8], created: Timestamp, expiry: Timestamp? = nil,
        revoked: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.roles = roles
        self.digest = digest
        self.created = created
        self.expiry = expiry
        self.revoked = revoked
    }

    /// Returns whether it counts at this time.
    public func isValid(at time: Timestamp) -> Bool {
        self.revoked == nil && self.expiry.map { time < $0 } ?? true
    }
}
