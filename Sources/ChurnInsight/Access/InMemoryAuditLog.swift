import ChurnCore

/// An audit log in the memory of one process, for demos and tests; the oldest entries are forgotten first.
public final class InMemoryAuditLog: AuditLog {
    private struct State {
        var entries: [AuditEntry] = []
        var nextID: Int64 = 1
    }

    private let capacity: Int
    private let state = Locked(State())

    /// Creates an empty log of at most this many entries.
    public init(capacity: Int = 10_000) { self.capacity = max(1, capacity) }

    /// Adds an entry and returns it with its number.
    @discardableResult
    public func record(_ entry: NewAuditEntry) async throws -> AuditEntry { try self.append(entry) }

    /// Adds an entry at once; stores call it within the change that it records.
    @discardableResult
    package func append(_ entry: NewAuditEntry) throws -> AuditEntry {
        let texts = [entry.actor, entry.action, entry.subject, entry.detail].compactMap(\.self)
        guard !texts.contains(where: { $0.utf8.contains(0) }) else {
            throw ChurnError(
                .dataRefused, .reject, during: "record an audit entry", advice: "A text holds NUL; send it without.")
        }
        return self.state.withLock { state in
            let numbered = AuditEntry(id: state.nextID, entry: entry)
            state.nextID += 1
            state.entries.append(numbered)
            // A tenth at a time, so that a full log is not moved for every entry.
            let surplus = state.entries.count - self.capacity
            if surplus > self.capacity / 10 { state.entries.removeFirst(surplus) }
            return numbered
        }
    }

    /// The newest entries, newest first.
    public func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry] {
        self.state.withLock { state in
            let kept = state.entries.suffix(self.capacity).reversed()
            return Array(kept.lazy.filter { entry in id.map { entry.id < $0 } ?? true }.prefix(max(0, limit)))
        }
    }
}
