/// Customers column by column; a customer is a slot, and slots are never given up.
///
/// Not thread-safe: it belongs to a projection.
final class CustomerColumns {
    static let noBand: UInt32 = 4
    static let bandsAndNone: UInt32 = 5
    private static let noTime = Int64.min

    private(set) var count = 0
    private var idBytes: [UInt8] = []
    private var idEnds: [Int] = []
    /// Lower-case bytes of the ids that are not plain ASCII.
    private var foldedIDs: [Int32: [UInt8]] = [:]
    /// Open addressing, at most half full; -1 where a place is free.
    private var table = [Int32](repeating: -1, count: 64)
    private(set) var probabilities: [Double] = []
    private(set) var times: [Int64] = []
    /// Not a number where there is none.
    private(set) var values: [Double] = []
    /// Segment and band in one number, see ``group(segment:band:)``.
    private(set) var groups: [UInt32] = []
    /// By number; the first stands for none.
    private(set) var segmentNames: [String?] = [nil]
    private var segmentNumbers: [String: UInt32] = [:]

    static func group(segment: UInt32, band: UInt32) -> UInt32 { segment * Self.bandsAndNone + band }

    static func bandNumber(_ band: RiskBand?) -> UInt32 {
        switch band {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        case nil: Self.noBand
        }
    }

    func isScored(_ slot: Int32) -> Bool { self.groups[Int(slot)] % Self.bandsAndNone != Self.noBand }
    func hasValue(_ slot: Int32) -> Bool { !self.values[Int(slot)].isNaN }
    func segmentNumber(_ name: String) -> UInt32? { self.segmentNumbers[name] }

    func slot(of id: String) -> Int32? {
        let place = self.place(of: id)
        return self.table[place] < 0 ? nil : self.table[place]
    }

    func append(_ customer: ProjectedCustomer) -> Int32 {
        let slot = Int32(self.count)
        self.count += 1
        self.idBytes.append(contentsOf: customer.id.utf8)
        self.idEnds.append(self.idBytes.count)
        if customer.id.utf8.contains(where: { $0 >= 0x80 }) {
            self.foldedIDs[slot] = WatchlistQuery.searchKey(of: customer.id)
        }
        self.probabilities.append(0)
        self.times.append(Self.noTime)
        self.values.append(.nan)
        self.groups.append(Self.noBand)
        self.set(slot, to: customer)
        if self.count * 2 > self.table.count {
            self.growTable()
        } else {
            self.table[self.place(of: customer.id)] = slot
        }
        return slot
    }

    func set(_ slot: Int32, to customer: ProjectedCustomer) {
        let index = Int(slot)
        self.probabilities[index] = customer.latest?.probability ?? 0
        self.times[index] = customer.latest?.time.microseconds ?? Self.noTime
        self.values[index] = customer.value ?? .nan
        var segment: UInt32 = 0
        if let name = customer.segment {
            if let known = self.segmentNumbers[name] {
                segment = known
            } else {
                segment = UInt32(self.segmentNames.count)
                self.segmentNames.append(name)
                self.segmentNumbers[name] = segment
            }
        }
        self.groups[index] = Self.group(segment: segment, band: Self.bandNumber(customer.latest?.band))
    }

    // MARK: Ids

    func id(_ slot: Int32) -> String { String(decoding: self.idBytes[self.idRange(slot)], as: UTF8.self) }

    private func idRange(_ slot: Int32) -> Range<Int> {
        (slot == 0 ? 0 : self.idEnds[Int(slot) - 1])..<self.idEnds[Int(slot)]
    }

    /// Whether the id of `a` stands before that of `b`, by bytes.
    func idPrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (rangeA, rangeB) = (self.idRange(a), self.idRange(b))
        return self.idBytes.withUnsafeBufferPointer { bytes in
            bytes[rangeA].lexicographicallyPrecedes(bytes[rangeB])
        }
    }

    /// Hands the lower-case bytes of an id to `body`, one after the other.
    private func folded(_ slot: Int32) -> [UInt8] {
        self.foldedIDs[slot]
            ?? self.idBytes[self.idRange(slot)].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// Whether `a` stands before `b` by the lower-case bytes of their ids, then by their ids.
    func foldedPrecedes(_ a: Int32, _ b: Int32) -> Bool {
        guard self.foldedIDs.isEmpty else {
            let (keyA, keyB) = (self.folded(a), self.folded(b))
            return keyA == keyB ? self.idPrecedes(a, b) : keyA.lexicographicallyPrecedes(keyB)
        }
        let (rangeA, rangeB) = (self.idRange(a), self.idRange(b))
        return self.idBytes.withUnsafeBufferPointer { bytes in
            for (byteA, byteB) in zip(bytes[rangeA], bytes[rangeB]) {
                let lowerA = (0x41...0x5A).contains(byteA) ? byteA | 0x20 : byteA
                let lowerB = (0x41...0x5A).contains(byteB) ? byteB | 0x20 : byteB
                if lowerA != lowerB { return lowerA < lowerB }
            }
            if rangeA.count != rangeB.count { return rangeA.count < rangeB.count }
            return bytes[rangeA].lexicographicallyPrecedes(bytes[rangeB])
        }
    }

    /// Whether the lower-case bytes of an id stand before `key`.
    func folded(_ slot: Int32, precedes key: [UInt8]) -> Bool { self.folded(slot).lexicographicallyPrecedes(key) }

    /// Whether the lower-case bytes of an id begin with `key`.
    func folded(_ slot: Int32, startsWith key: [UInt8]) -> Bool { self.folded(slot).starts(with: key) }

    // MARK: The table

    /// Where the id lies, or the free place where it belongs.
    private func place(of id: String) -> Int {
        var id = id
        return id.withUTF8 { utf8 in
            var place = Self.hash(UnsafeRawBufferPointer(utf8)) & (self.table.count - 1)
            while self.table[place] >= 0, !self.holds(self.table[place], utf8) {
                place = (place + 1) & (self.table.count - 1)
            }
            return place
        }
    }

    private func holds(_ slot: Int32, _ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = self.idRange(slot)
        return range.count == utf8.count
            && self.idBytes.withUnsafeBufferPointer { $0[range].elementsEqual(utf8) }
    }

    private func growTable() {
        var larger = [Int32](repeating: -1, count: self.table.count * 2)
        self.idBytes.withUnsafeBytes { bytes in
            for slot in 0..<Int32(self.count) {
                let id = UnsafeRawBufferPointer(rebasing: bytes[self.idRange(slot)])
                var place = Self.hash(id) & (larger.count - 1)
                while larger[place] >= 0 { place = (place + 1) & (larger.count - 1) }
                larger[place] = slot
            }
        }
        self.table = larger
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return hasher.finalize()
    }

    /// The memory that the columns hold, in bytes.
    var byteCount: Int {
        self.idBytes.capacity + 8 * self.idEnds.capacity + 4 * self.table.capacity
            + 8 * (self.probabilities.capacity + self.times.capacity + self.values.capacity)
            + 4 * self.groups.capacity + self.foldedIDs.reduce(0) { $0 + 64 + $1.value.count }
    }
}
