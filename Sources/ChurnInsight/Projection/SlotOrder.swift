/// Slots in an order that its user knows, cut into short chunks, so that a slot moves at the cost of one chunk and a
/// walk passes over those that hold nothing it wants.
struct SlotOrder {
    /// The place of a slot.
    struct Place: Comparable {
        var chunk: Int
        var index: Int

        static func < (a: Self, b: Self) -> Bool { (a.chunk, a.index) < (b.chunk, b.index) }
    }

    private static let chunkSize = 512
    /// Chunks are loaded with room, so that the first moves do not cut all of them.
    private static let loadedSize = 448
    /// At least four segments and at most fifty have counts of their own.
    private static let countedGroups = 20...250

    private(set) var chunks: [SlotChunk] = []
    private(set) var count = 0
    private let width: Int

    init() { self.width = Self.countedGroups.lowerBound + 1 }

    /// - Parameter groups: the groups of all slots.
    init(sorted slots: [Int32], groups: [UInt32], groupCount: Int) {
        let width = min(max(groupCount, Self.countedGroups.lowerBound), Self.countedGroups.upperBound) + 1
        self.width = width
        self.chunks = stride(from: 0, to: slots.count, by: Self.loadedSize).map { start in
            SlotChunk(slots[start..<min(start + Self.loadedSize, slots.count)], groups: groups, width: width)
        }
        self.count = slots.count
    }

    subscript(place: Place) -> Int32 { self.chunks[place.chunk][place.index] }

    var start: Place { Place(chunk: 0, index: 0) }
    var end: Place { Place(chunk: self.chunks.count, index: 0) }

    /// The place after `place`; one at the end of a chunk is the first of the next.
    func place(after place: Place) -> Place {
        place.index + 1 < self.chunks[place.chunk].count
            ? Place(chunk: place.chunk, index: place.index + 1) : Place(chunk: place.chunk + 1, index: 0)
    }

    /// The place before `place`; nil before the first.
    func place(before place: Place) -> Place? {
        if place.index > 0 { return Place(chunk: place.chunk, index: place.index - 1) }
        guard place.chunk > 0 else { return nil }
        return Place(chunk: place.chunk - 1, index: self.chunks[place.chunk - 1].count - 1)
    }

    /// The first place whose slot `isBefore` does not hold for; it holds for those in front, and for none behind.
    func firstPlace(where isBefore: (Int32) -> Bool) -> Place {
        var (low, high) = (0, self.chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self.chunks[middle].last) { low = middle + 1 } else { high = middle }
        }
        guard low < self.chunks.count else { return self.end }
        let chunk = low
        (low, high) = (0, self.chunks[chunk].count - 1)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self.chunks[chunk][middle]) { low = middle + 1 } else { high = middle }
        }
        return Place(chunk: chunk, index: low)
    }

    /// Returns the number of slots in front of a place.
    func count(before place: Place) -> Int { self.chunks[..<place.chunk].reduce(place.index) { $0 + $1.count } }

    /// - Parameter groups: the groups of all slots.
    mutating func insert(_ slot: Int32, groups: [UInt32], _ precedes: (Int32, Int32) -> Bool) {
        self.count += 1
        var place = self.firstPlace { precedes($0, slot) }
        if place.chunk == self.chunks.count, place.chunk > 0 {
            place = Place(chunk: place.chunk - 1, index: self.chunks[place.chunk - 1].count)
        }
        if self.chunks.isEmpty || self.isFullAtTheRim(place) {
            // Where keys rise, more will follow: they get a chunk of their own.
            self.chunks.insert(
                SlotChunk([slot], groups: groups, width: self.width), at: place.index == 0 ? 0 : self.chunks.count)
            return
        }
        self.chunks[place.chunk].insert(
            slot, at: place.index, group: groups[Int(slot)], room: Self.chunkSize + 1)
        if self.chunks[place.chunk].count > Self.chunkSize { self.cut(place.chunk, groups) }
    }

    /// Returns whether a slot is to be the first or the last of all, and the chunk there is full.
    private func isFullAtTheRim(_ place: Place) -> Bool {
        guard self.chunks[place.chunk].count >= Self.chunkSize else { return false }
        return place == self.start
            || place == Place(chunk: self.chunks.count - 1, index: self.chunks[place.chunk].count)
    }

    private mutating func cut(_ chunk: Int, _ groups: [UInt32]) {
        let slots = self.chunks[chunk].all
        let middle = slots.startIndex + slots.count / 2
        self.chunks[chunk] = SlotChunk(slots[..<middle], groups: groups, width: self.width)
        self.chunks.insert(SlotChunk(slots[middle...], groups: groups, width: self.width), at: chunk + 1)
    }

    /// Takes a slot out; its group and the keys must still be those under which it was put in.
    mutating func remove(_ slot: Int32, groups: [UInt32], _ precedes: (Int32, Int32) -> Bool) {
        let place = self.firstPlace { precedes($0, slot) }
        guard place.chunk < self.chunks.count, self[place] == slot else { return }
        self.chunks[place.chunk].remove(at: place.index, group: groups[Int(slot)])
        self.count -= 1
        let left = self.chunks[place.chunk].count
        if left == 0 {
            self.chunks.remove(at: place.chunk)
        } else if left < Self.chunkSize / 4 {
            self.join(place.chunk, groups)
        }
    }

    /// Joins a chunk that few slots are left in with its neighbour, if there is room.
    private mutating func join(_ chunk: Int, _ groups: [UInt32]) {
        let first = chunk + 1 < self.chunks.count ? chunk : chunk - 1
        guard first >= 0, self.chunks[first].count + self.chunks[first + 1].count <= Self.loadedSize else { return }
        let slots = self.chunks[first].all + self.chunks[first + 1].all
        self.chunks[first] = SlotChunk(slots, groups: groups, width: self.width)
        self.chunks.remove(at: first + 1)
    }

    /// Counts a slot that stays where it is in another group.
    mutating func move(_ slot: Int32, from old: UInt32, to new: UInt32, _ precedes: (Int32, Int32) -> Bool) {
        let place = self.firstPlace { precedes($0, slot) }
        guard place.chunk < self.chunks.count, self[place] == slot else { return }
        self.chunks[place.chunk].move(from: old, to: new)
    }

    /// The memory that the order holds, in bytes.
    var byteCount: Int { self.chunks.reduce(0) { $0 + $1.byteCount } }
}
