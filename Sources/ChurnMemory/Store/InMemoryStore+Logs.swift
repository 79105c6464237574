public import ChurnCore

extension InMemoryStore {
    /// Returns the updates after the cursor, in the order of the writes.
    public func updates(after cursor: UpdateCursor, limit: Int, bytes: Int) async throws -> UpdatePage {
        self.tables.withLock { $0.updates.page(after: cursor, limit: max(1, limit), bytes: bytes) }
    }

    /// The cursor of a reader that has seen everything written so far.
    public func end() async throws -> UpdateCursor { self.tables.withLock { $0.updates.end } }

    /// Forgets the updates of a partition in blocks that end at or before `number`, as retention does.
    public func forgetUpdates(of partition: StreamPartition, through number: Int64) {
        self.tables.withLock { $0.updates.forget(partition, through: number) }
    }

    /// Dead letters after `id`, in order of id.
    public func deadLetters(after id: Int64, status: DeadLetter.Status?, limit: Int) async throws -> [DeadLetter] {
        self.tables.withLock { tables in
            let start = min(max(0, Int(clamping: id)), tables.deadLetters.count)
            return Array(
                tables.deadLetters[start...].lazy.filter { status == nil || $0.status == status }
                    .prefix(max(0, limit)))
        }
    }

    /// One dead letter; nil where there is none of that id.
    public func deadLetter(id: Int64) async throws -> DeadLetter? {
        self.tables.withLock { tables in tables.index(ofDeadLetter: id).map { tables.deadLetters[$0] } }
    }
}
