import ChurnCore

/// Ids by slot, one after the other in one stretch of bytes.
///
/// As long as all ids are of one length, nothing else is kept of them.
struct IDColumn {
    /// Stands for an id that is not there.
    static let noSlot: Int32 = -1

    /// Ends are counted from the first of each group of this many slots, so that four bytes suffice for one.
    private static let stretch = 65_536

    private(set) var count = 0
    private(set) var bytes: [UInt8] = []
    /// The length of all ids; nil once they differ.
    private(set) var length: Int?
    private var bases: [Int] = []
    private var ends: [UInt32] = []
    /// Lower-case bytes of the ids that are not plain ASCII.
    private(set) var foldedIDs: [Int32: [UInt8]] = [:]
    /// This many of the first slots are in ascending order of their ids, as a store hands customers over.
    private(set) var orderedCount = 0
    /// The words at intervals of this many of those, as long as all ids are of one length.
    private var landmarks: [SortedTexts.Words] = []

    mutating func append(_ id: String) {
        let slot = Int32(self.count)
        var id = id
        let isASCII = id.withUTF8 { utf8 in
            self.noteLength(utf8.count)
            self.bytes.makeRoom(for: utf8.count)
            self.bytes.append(contentsOf: utf8)
            var high: UInt8 = 0
            for byte in utf8 { high |= byte }
            return high < 0x80
        }
        self.count += 1
        if self.length == nil {
            let index = self.count - 1
            if index % Self.stretch == 0 { self.bases.append(index == 0 ? 0 : self.range(slot - 1).upperBound) }
            self.ends.makeRoom(for: 1)
            self.ends.append(UInt32(self.bytes.count - self.bases[index / Self.stretch]))
        }
        if !isASCII { self.foldedIDs[slot] = WatchlistQuery.searchKey(of: id) }
        if self.orderedCount == slot, slot == 0 || self.comparedPrecedes(slot - 1, slot) {
            self.orderedCount += 1
            if self.orderedCount % SortedTexts.stride == 1 { self.addLandmark(slot) }
        }
    }

    private mutating func addLandmark(_ slot: Int32) {
        guard let length = self.length, length >= SortedTexts.shortest else { return self.landmarks = [] }
        self.landmarks.append(
            self.bytes.withUnsafeBytes { SortedTexts.Words($0, at: Int(slot) * length, length: length) })
    }

    /// Begins to keep the ends of ids when the first one comes that has another length.
    private mutating func noteLength(_ length: Int) {
        if self.count == 0 { self.length = length }
        guard let all = self.length, all != length else { return }
        self.length = nil
        for index in 0..<self.count {
            if index % Self.stretch == 0 { self.bases.append(index * all) }
            self.ends.append(UInt32((index % Self.stretch + 1) * all))
        }
    }

    func range(_ slot: Int32) -> Range<Int> {
        let index = Int(slot)
        if let length = self.length { return index * length..<(index + 1) * length }
        let base = self.bases[index / Self.stretch]
        let start = index % Self.stretch == 0 ? base : base + Int(self.ends[index - 1])
        return start..<base + Int(self.ends[index])
    }

    subscript(slot: Int32) -> String { String(decoding: self.bytes[self.range(slot)], as: UTF8.self) }

    /// Returns whether the id of `a` stands before that of `b`, by bytes.
    func precedes(_ a: Int32, _ b: Int32) -> Bool {
        max(a, b) < self.orderedCount ? a < b : self.comparedPrecedes(a, b)
    }

    private func comparedPrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (rangeA, rangeB) = (self.range(a), self.range(b))
        return self.bytes.withUnsafeBufferPointer { $0.extracting(rangeA).precedes($0.extracting(rangeB)) }
    }

    /// Returns whether the id stands before `id`.
    func id(_ slot: Int32, precedes id: [UInt8]) -> Bool {
        id.withUnsafeBufferPointer { self.id(slot, precedes: $0) }
    }

    /// Returns whether the id stands before `id`.
    @inline(__always)
    func id(_ slot: Int32, precedes id: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = self.range(slot)
        return self.bytes.withUnsafeBufferPointer { $0.extracting(range).precedes(id) }
    }

    /// Returns whether the id is `id`.
    func id(_ slot: Int32, is id: [UInt8]) -> Bool { id.withUnsafeBufferPointer { self.id(slot, is: $0) } }

    /// Returns whether the id is `id`.
    @inline(__always)
    func id(_ slot: Int32, is id: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = self.range(slot)
        return range.count == id.count
            && self.bytes.withUnsafeBufferPointer { $0.extracting(range).elementsEqual(id) }
    }

    /// The slot of an id among the first ones, which are in the order of their ids; nil where it is none of them.
    ///
    /// Looks at nothing but ids, which lie one after the other: twice as fast as by an order of slots.
    func orderedSlot(of id: UnsafeBufferPointer<UInt8>) -> Int32? {
        var (low, high) = (0, self.orderedCount)
        self.bytes.withUnsafeBufferPointer { bytes in
            while low < high {
                let middle = (low + high) / 2
                if bytes.extracting(self.range(Int32(middle))).precedes(id) { low = middle + 1 } else { high = middle }
            }
        }
        let slot = Int32(low)
        return low < self.orderedCount && self.id(slot, is: id) ? slot : nil
    }

    /// The slots of many ids among the first ones, or ``noSlot``; see ``orderedSlot(of:)``.
    func orderedSlots(of ids: TextColumn) -> [Int32] {
        guard let length = self.length, length >= SortedTexts.shortest else {
            return ids.bytes.withUnsafeBufferPointer { bytes in
                (0..<ids.count).map { self.orderedSlot(of: bytes.extracting(ids.range(of: $0))) ?? Self.noSlot }
            }
        }
        return self.bytes.withUnsafeBytes { bytes in
            self.landmarks.withUnsafeBufferPointer { landmarks in
                SortedTexts(bytes, length: length, count: self.orderedCount, landmarks: landmarks).places(of: ids)
            }
        }
    }

    /// The memory that it holds, in bytes.
    var byteCount: Int {
        self.bytes.capacity + 4 * self.ends.capacity + 8 * self.bases.capacity
            + self.foldedIDs.reduce(0) { $0 + 64 + $1.value.count }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Returns whether these bytes stand before others; eight are compared at a time.
    @inline(__always)
    fileprivate func precedes(_ other: Self) -> Bool {
        let common = Swift.min(self.count, other.count)
        var index = 0
        let (raw, otherRaw) = (UnsafeRawBufferPointer(self), UnsafeRawBufferPointer(other))
        while index + 8 <= common {
            let word = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let otherWord = UInt64(bigEndian: otherRaw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            if word != otherWord { return word < otherWord }
            index += 8
        }
        while index < common {
            if self[index] != other[index] { return self[index] < other[index] }
            index += 1
        }
        return self.count < other.count
    }
}

extension Array {
    /// Grows by an eighth where it is full: appending alone would double it.
    mutating func makeRoom(for more: Int) {
        let needed = self.count + more
        if needed > self.capacity { self.reserveCapacity(Swift.max(needed + needed / 8, 64)) }
    }
}
