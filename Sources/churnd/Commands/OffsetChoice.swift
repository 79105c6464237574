/// The offsets at which the partitions of a topic go on after `churnd offsets reset`.
enum OffsetChoice: Hashable {
    case earliest
    case latest
    /// The stored position of each partition, or the nearest end of its log; its beginning where nothing is stored.
    case stored
    case offset(Int64)

    /// A partition's next offset, and what an operator should know of it.
    struct Position: Hashable {
        var offset: Int64
        var note: String?
    }

    /// Reads the option's value; nil for anything else.
    init?(_ text: String) {
        switch text {
        case "earliest": self = .earliest
        case "latest": self = .latest
        case "stored": self = .stored
        default:
            guard let offset = Int64(text), offset >= 0 else { return nil }
            self = .offset(offset)
        }
    }

    /// The next offset of every partition.
    ///
    /// - Parameters:
    ///   - logs: for each partition, the oldest offset that is kept and the one behind the newest record.
    ///   - stored: where partitions stand.
    func positions(in logs: [Int32: Range<Int64>], stored: [Int32: Int64]) -> [Int32: Position] {
        logs.reduce(into: [:]) { found, log in found[log.key] = self.position(in: log.value, stored: stored[log.key]) }
    }

    private func position(in log: Range<Int64>, stored: Int64?) -> Position {
        let chosen: Int64
        switch self {
        case .earliest: chosen = log.lowerBound
        case .latest: chosen = log.upperBound
        case .stored: chosen = min(max(stored ?? log.lowerBound, log.lowerBound), log.upperBound)
        case .offset(let offset): chosen = offset
        }
        return Position(offset: chosen, note: Self.note(on: chosen, in: log, stored: stored))
    }

    private static func note(on chosen: Int64, in log: Range<Int64>, stored: Int64?) -> String? {
        if chosen < log.lowerBound || chosen > log.upperBound { return "outside the log \(log)" }
        guard let stored, stored <= log.upperBound else { return nil }
        let unread = max(log.lowerBound - stored, 0)
        if unread > 0, chosen == log.lowerBound { return "\(unread) records before it were destroyed unread" }
        if chosen < stored { return "\(stored - chosen) records come again" }
        return chosen > stored ? "\(chosen - stored) records are passed over" : nil
    }
}
