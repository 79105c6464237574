/// Sends open dead letters once more: a stream of its own, whose offsets count the attempts.
///
/// The sink marks a letter as done in the transaction that applies it, so it is never applied twice; a letter that is
/// refused again keeps its place and counts one more attempt. The source ends after the letters that were open when it
/// got to them.
public final class DeadLetterSource: EventSource {
    /// The letters that are sent again.
    public enum Selection: Sendable {
        /// All that are open.
        case all
        /// These, as far as they are open.
        case ids(Set<Int64>)
    }

    /// The stream's name in positions, events and updates.
    public static let streamName = StreamName(cluster: "local", topic: "dead-letters")

    private struct State {
        var positions: (any PositionStore)?
        var partition = StreamPartition(stream: StreamIdentity(name: streamName), partition: 0)
        var nextOffset: Int64 = 0
        var lastID: Int64 = 0
        /// By a batch's end offset: the last letter that the batch looked at.
        var lookedAt: [Int64: Int64] = [:]
        var durableID: Int64 = 0
    }

    private let letters: any DeadLetterStore
    private let decoder: EventDecoder
    private let selection: Selection
    private let batchSize: Int
    private let state = Locked(State())

    /// Creates a source of dead letters.
    public init(letters: any DeadLetterStore, decoder: EventDecoder, selection: Selection = .all, batchSize: Int = 500)
    {
        self.letters = letters
        self.decoder = decoder
        self.selection = selection
        self.batchSize = batchSize
    }

    /// Begins at the stored attempt count.
    public func start(positions: any PositionStore) async throws {
        self.state.withLock { $0.positions = positions }
        try await self.readPosition()
    }

    /// The next open letters; nil when all were looked at.
    public func nextBatch() async throws -> EventBatch? {
        let from = self.state.withLock { $0.lastID }
        let open = try await self.letters.deadLetters(after: from, status: .open, limit: self.batchSize)
        guard let last = open.last else { return nil }
        let chosen = open.filter { letter in
            if case .ids(let ids) = self.selection { ids.contains(letter.id) } else { true }
        }
        return self.state.withLock { state in
            state.lastID = last.id
            let start = state.nextOffset
            state.nextOffset += Int64(chosen.count)
            state.lookedAt[state.nextOffset] = last.id
            var batch = EventBatch(entries: [], ranges: [])
            guard !chosen.isEmpty else { return batch }
            batch.ranges = [OffsetRange(partition: state.partition, from: start, to: state.nextOffset)]
            for (index, letter) in chosen.enumerated() {
                let position = StreamPosition(partition: state.partition, offset: start + Int64(index))
                self.add(letter, at: position, to: &batch)
            }
            return batch
        }
    }

    private func add(_ letter: DeadLetter, at position: StreamPosition, to batch: inout EventBatch) {
        var record = letter.rejection.record
        record.position = position
        switch self.decoder.decode(record) {
        case .event(var entry):
            entry.event.deadLetterID = letter.id
            batch.entries.append(entry)
        case .rejected(var rejection):
            rejection.deadLetterID = letter.id
            batch.rejections.append(rejection)
        }
    }

    /// Goes back to the letters after the last that are durable.
    public func restart(_ partitions: Set<StreamPartition>) async throws {
        self.state.withLock {
            $0.lastID = $0.durableID
            $0.lookedAt = [:]
        }
        try await self.readPosition()
    }

    /// Remembers how far the letters are durable.
    public func commit(_ ranges: [OffsetRange]) async {
        self.state.withLock { state in
            for range in ranges {
                if let id = state.lookedAt.removeValue(forKey: range.to) { state.durableID = max(state.durableID, id) }
            }
        }
    }

    private func readPosition() async throws {
        guard let positions = self.state.withLock({ $0.positions }) else { return }
        let position = try await positions.ownPosition(of: Self.streamName)
        self.state.withLock { ($0.partition, $0.nextOffset) = (position.partition, position.offset) }
    }
}
