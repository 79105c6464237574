/// A customer's id as a key: equal to another exactly where their bytes are, as in a database.
///
/// Swift's texts are equal in whatever way Unicode spells them. For ids whose form was not checked where they came in
/// (see Docs/decisions/0004-ids-in-normal-form.md) that would make two customers one.
public struct CustomerKey: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The id.
    public let id: String

    /// Creates a key.
    public init(_ id: String) { self.id = id }

    /// Creates a key from a literal.
    public init(stringLiteral id: String) { self.id = id }

    /// Returns whether the bytes are equal.
    public static func == (a: CustomerKey, b: CustomerKey) -> Bool { a.id.hasBytes(of: b.id) }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        var id = self.id
        id.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension String {
    /// Returns whether two texts have the same bytes.
    package func hasBytes(of other: String) -> Bool { self.utf8.elementsEqual(other.utf8) }
}

extension [String: CustomerState] {
    /// The state of the customer with exactly this id, and not of one whose id Swift takes for equal.
    package func state(of id: String) -> CustomerState? {
        self[id].flatMap { $0.id.hasBytes(of: id) ? $0 : nil }
    }
}

extension FeatureStore {
    /// The states of customers in the order of their ids; nil for unknown ones.
    ///
    /// Where another program has written two ids that are equal to Swift and both are asked for, both are found.
    package func states(inOrderOf ids: [String]) async throws -> [CustomerState?] {
        let states = try await self.states(for: ids)
        var found = ids.map { states.state(of: $0) }
        for (index, id) in ids.enumerated() where found[index] == nil && states[id] != nil {
            found[index] = try await self.states(for: [id]).state(of: id)
        }
        return found
    }
}
