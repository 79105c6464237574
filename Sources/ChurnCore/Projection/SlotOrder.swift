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

    /// Visits slots from the last to the first, without the first `start` of that way, until `visit` returns false; says
    /// whether it never did.
    ///
    /// Slots that are `equal` keep their order among themselves.
    func forEachReversed(from start: Int, equal: (Int32, Int32) -> Bool, _ visit: (Int32) -> Bool) -> Bool {
        var (end, left) = self.chunksToSkip(start, equal)
        var run: [Int32] = []
        func visitRun() -> Bool {
            for slot in run.reversed() {
                if left > 0 { left -= 1 } else if !visit(slot) { return false }
            }
            run.removeAll(keepingCapacity: true)
            return true
        }
        while end > 0 {
            end -= 1
            for slot in self.chunks[end].reversed() {
                if let last = run.last, !equal(last, slot), !visitRun() { return false }
                run.append(slot)
            }
        }
        return visitRun()
    }

    /// How many chunks remain after whole ones were skipped at the end, and how many slots are still to be skipped.
    ///
    /// A run of equal slots is never cut: those of it that stand first come first on the way back, too.
    private func chunksToSkip(_ start: Int, _ equal: (Int32, Int32) -> Bool) -> (end: Int, left: Int) {
        var (end, left) = (self.chunks.count, start)
        var safe = (end: end, left: left)
        while end > 0, self.chunks[end - 1].count <= left {
            end -= 1
            left -= self.chunks[end].count
            guard end > 0, let last = self.chunks[end - 1].last, let first = self.chunks[end].first, equal(last, first)
            else {
                safe = (end, left)
                continue
            }
        }
        return safe
    }

    /// The memory that the order holds, in bytes.
    var byteCount: Int { self.chunks.reduce(0) { $0 + 40 + 4 * $1.capacity } }
}
