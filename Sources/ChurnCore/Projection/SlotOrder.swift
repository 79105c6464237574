/// Slots in an order that its user knows, cut into short chunks, so that a slot moves at the cost of one chunk.
struct SlotOrder {
    private static let chunkSize = 512

    private var chunks: [[Int32]] = []
    private(set) var count = 0

    init() {}

    init(sorted slots: [Int32]) {
        // Room in each chunk, so that the first moves do not split all of them.
        let filled = Self.chunkSize * 3 / 4
        self.chunks = stride(from: 0, to: slots.count, by: filled).map { start in
            var chunk: [Int32] = []
            chunk.reserveCapacity(Self.chunkSize)
            chunk.append(contentsOf: slots[start..<min(start + filled, slots.count)])
            return chunk
        }
        self.count = slots.count
    }

    /// The chunk in which a slot lies or belongs, and its index there.
    private func place(of slot: Int32, _ precedes: (Int32, Int32) -> Bool) -> (chunk: Int, index: Int) {
        var (low, high) = (0, self.chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if let last = self.chunks[middle].last, precedes(last, slot) { low = middle + 1 } else { high = middle }
        }
        if low == self.chunks.count { low -= 1 }
        guard low >= 0 else { return (0, 0) }
        let chunk = low
        (low, high) = (0, self.chunks[chunk].count)
        while low < high {
            let middle = (low + high) / 2
            if precedes(self.chunks[chunk][middle], slot) { low = middle + 1 } else { high = middle }
        }
        return (chunk, low)
    }

    mutating func insert(_ slot: Int32, _ precedes: (Int32, Int32) -> Bool) {
        self.count += 1
        guard !self.chunks.isEmpty else {
            self.chunks = [[slot]]
            return
        }
        let (chunk, index) = self.place(of: slot, precedes)
        self.chunks[chunk].insert(slot, at: index)
        guard self.chunks[chunk].count > Self.chunkSize else { return }
        let upper = Array(self.chunks[chunk][(Self.chunkSize / 2)...])
        self.chunks[chunk].removeLast(upper.count)
        self.chunks.insert(upper, at: chunk + 1)
    }

    /// Takes a slot out; the keys must still be those under which it was put in.
    mutating func remove(_ slot: Int32, _ precedes: (Int32, Int32) -> Bool) {
        guard !self.chunks.isEmpty else { return }
        let (chunk, index) = self.place(of: slot, precedes)
        guard index < self.chunks[chunk].count, self.chunks[chunk][index] == slot else { return }
        self.chunks[chunk].remove(at: index)
        if self.chunks[chunk].isEmpty { self.chunks.remove(at: chunk) }
        self.count -= 1
    }

    /// How many slots stand before the first for which `isBefore` does not hold.
    func count(where isBefore: (Int32) -> Bool) -> Int {
        var passed = 0
        for chunk in self.chunks {
            if let last = chunk.last, isBefore(last) {
                passed += chunk.count
                continue
            }
            var (low, high) = (0, chunk.count)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(chunk[middle]) { low = middle + 1 } else { high = middle }
            }
            return passed + low
        }
        return passed
    }

    /// Visits slots from an index on until `visit` returns false; says whether it never did.
    @inline(__always)
    func forEach(from start: Int = 0, _ visit: (Int32) -> Bool) -> Bool {
        var skipped = max(0, start)
        for chunk in self.chunks {
            if skipped >= chunk.count {
                skipped -= chunk.count
                continue
            }
            for index in skipped..<chunk.count where !visit(chunk[index]) { return false }
            skipped = 0
        }
        return true
    }

    /// Visits slots from the last to the first until `visit` returns false; says whether it never did.
    ///
    /// Slots that are `equal` keep their order among themselves.
    func forEachReversed(equal: (Int32, Int32) -> Bool, _ visit: (Int32) -> Bool) -> Bool {
        var run: [Int32] = []
        for chunk in self.chunks.reversed() {
            for slot in chunk.reversed() {
                if let last = run.last, !equal(last, slot) {
                    for slot in run.reversed() where !visit(slot) { return false }
                    run.removeAll(keepingCapacity: true)
                }
                run.append(slot)
            }
        }
        for slot in run.reversed() where !visit(slot) { return false }
        return true
    }

    /// The memory that the order holds, in bytes.
    var byteCount: Int { self.chunks.reduce(0) { $0 + 40 + 4 * $1.capacity } }
}
