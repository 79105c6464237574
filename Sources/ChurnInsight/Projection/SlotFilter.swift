/// The slots that a query wants.
struct SlotFilter {
    private enum Kind {
        case all, groups, marked
    }

    private let kind: Kind
    private let groups: [UInt32]
    private let accepted: [Bool]
    private let marks: [UInt64]

    /// - Parameters:
    ///   - accepted: by group whether it is wanted; nil for all.
    ///   - groups: the groups of all slots.
    init(accepted: [Bool]?, groups: [UInt32]) {
        self.kind = accepted == nil ? .all : .groups
        self.groups = groups
        self.accepted = accepted ?? []
        self.marks = []
    }

    /// - Parameter marks: a bit a slot.
    init(marks: [UInt64]) {
        self.kind = .marked
        self.groups = []
        self.accepted = []
        self.marks = marks
    }

    /// Whether to count a chunk costs less than to look at its slots.
    var countsAtOnce: Bool { self.kind != .marked }

    @inline(__always)
    func contains(_ slot: Int32) -> Bool {
        switch self.kind {
        case .all: true
        case .groups: self.accepted[Int(self.groups[Int(slot)])]
        case .marked: self.marks[Int(slot) >> 6] >> UInt64(slot & 63) & 1 != 0
        }
    }

    /// Returns the number of wanted slots in a chunk.
    func count(in chunk: SlotChunk) -> Int {
        switch self.kind {
        case .all: return chunk.count
        case .groups:
            let counted = chunk.groups.count - 1
            var count = 0
            for group in 0..<min(counted, self.accepted.count) where self.accepted[group] {
                count += Int(chunk.groups[group])
            }
            if chunk.groups[counted] > 0, self.accepted.count > counted {
                chunk.forEach { slot in
                    let group = Int(self.groups[Int(slot)])
                    if group >= counted, self.accepted[group] { count += 1 }
                }
            }
            return count
        case .marked:
            var count = 0
            self.marks.withUnsafeBufferPointer { marks in
                chunk.forEach { slot in count += Int(truncatingIfNeeded: marks[Int(slot) >> 6] >> UInt64(slot & 63) & 1)
                }
            }
            return count
        }
    }

    /// Returns the number of wanted slots in a part of a chunk.
    func count(in chunk: SlotChunk, _ indices: Range<Int>) -> Int {
        indices == 0..<chunk.count ? self.count(in: chunk) : indices.count { self.contains(chunk[$0]) }
    }
}
