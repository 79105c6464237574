/// A short stretch of slots in an order, with how many of them each group has.
///
/// Slots that follow each other by one are kept as their first.
struct SlotChunk {
    private(set) var count: Int
    private var first: Int32 = 0
    /// Empty where the slots are a run from `first`.
    private var slots: [Int32] = []
    /// By group; the last counts all groups that have no place of their own.
    private(set) var groups: [UInt16]

    /// - Parameter width: how many counts of groups there are.
    init(_ slots: ArraySlice<Int32>, groups columns: [UInt32], width: Int) {
        self.count = slots.count
        self.first = slots.first ?? 0
        self.groups = [UInt16](repeating: 0, count: width)
        if !zip(slots, slots.dropFirst()).allSatisfy({ $1 == $0 + 1 }) { self.slots = Array(slots) }
        for slot in slots { self.groups[min(Int(columns[Int(slot)]), width - 1)] += 1 }
    }

    @inline(__always)
    subscript(index: Int) -> Int32 { self.slots.isEmpty ? self.first + Int32(index) : self.slots[index] }

    var last: Int32 { self[self.count - 1] }

    /// Visits slots from an index on.
    @inline(__always)
    func forEach(from start: Int = 0, _ visit: (Int32) -> Void) {
        if self.slots.isEmpty {
            for index in start..<max(start, self.count) { visit(self.first + Int32(index)) }
        } else {
            self.slots.withUnsafeBufferPointer { slots in
                for index in start..<max(start, slots.count) { visit(slots[index]) }
            }
        }
    }

    /// - Parameter room: for how many slots there is to be room.
    mutating func insert(_ slot: Int32, at index: Int, group: UInt32, room: Int) {
        self.spellOut()
        if self.slots.count == self.slots.capacity { self.slots.reserveCapacity(max(room, self.slots.count + 1)) }
        self.slots.insert(slot, at: index)
        self.count += 1
        self.note(group, 1)
    }

    mutating func remove(at index: Int, group: UInt32) {
        self.spellOut()
        self.slots.remove(at: index)
        self.count -= 1
        self.note(group, -1)
    }

    /// Counts a slot that stays in another group.
    mutating func move(from old: UInt32, to new: UInt32) {
        self.note(old, -1)
        self.note(new, 1)
    }

    var all: ArraySlice<Int32> { (0..<self.count).map { self[$0] }[...] }

    private mutating func note(_ group: UInt32, _ change: Int) {
        let place = min(Int(group), self.groups.count - 1)
        self.groups[place] = UInt16(Int(self.groups[place]) + change)
    }

    private mutating func spellOut() {
        if self.slots.isEmpty { self.slots = Array(self.all) }
    }

    /// The memory that it holds, in bytes.
    var byteCount: Int {
        MemoryLayout<Self>.stride + 32 + 2 * self.groups.capacity
            + (self.slots.capacity > 0 ? 32 + 4 * self.slots.capacity : 0)
    }
}
