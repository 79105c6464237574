import ChurnCore

/// Customers column by column; a customer is a slot, and slots are never given up.
///
/// Not thread-safe: it belongs to a projection.
final class CustomerColumns {
    static let noBand: UInt32 = 4
    /// The band of those who have left, whatever their score was.
    static let leftBand: UInt32 = 5
    /// The bands, none, and that of those who have left.
    static let bandsAndNone: UInt32 = 6
    private static let noTime = Int64.min

    /// The time of a customer's last event as it is kept.
    static func time(of customer: ProjectedCustomer) -> Int64 { customer.lastEvent?.microseconds ?? Self.noTime }

    private(set) var ids = IDColumn()
    private(set) var probabilities = CompactNumbers<Float>()
    /// Of last events.
    private(set) var times: [Int64] = []
    /// The lower half of the versions: enough to decide which of two that are close is the later one.
    private(set) var versions: [Int32] = []
    /// Not a number where there is none.
    private(set) var values = CompactNumbers<Hundredths>()
    /// Not a number where there is none.
    private(set) var tenures = CompactNumbers<SmallWholeNumber>()
    /// Segment and band in one number, see ``group(segment:band:)``.
    private(set) var groups: [UInt32] = []
    /// By number; the first stands for none.
    private(set) var segmentNames: [String?] = [nil]
    private var segmentNumbers: [String: UInt32] = [:]
    /// The same segments as values.
    private(set) var segmentValues: [FeatureValue] = [.missing]
    /// The columns that are kept for being shown alone.
    private(set) var kept: [FeatureColumn]
    let shownFeatures: ShownFeatures

    init(showing features: ShownFeatures) {
        self.shownFeatures = features
        self.kept = features.kept.map { FeatureColumn($0.type) }
    }

    var count: Int { self.ids.count }

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

    /// Returns whether a customer has a score that counts; who has left has none.
    func isScored(_ slot: Int32) -> Bool { self.groups[Int(slot)] % Self.bandsAndNone < Self.noBand }
    func hasLeft(_ slot: Int32) -> Bool { self.groups[Int(slot)] % Self.bandsAndNone == Self.leftBand }
    func hasEvent(_ slot: Int32) -> Bool { self.times[Int(slot)] != Self.noTime }
    func hasValue(_ slot: Int32) -> Bool { !self.values[Int(slot)].isNaN }
    func segmentNumber(_ name: String) -> UInt32? { self.segmentNumbers[name] }

    /// Adds a customer; its slot is the number of those before it.
    func append(_ customer: ProjectedCustomer) -> Int32 {
        let slot = Int32(self.count)
        self.ids.append(customer.id)
        self.probabilities.append(customer.latest?.probability ?? 0)
        self.times.makeRoom(for: 1)
        self.times.append(Self.time(of: customer))
        self.versions.makeRoom(for: 1)
        self.versions.append(Int32(truncatingIfNeeded: customer.version))
        self.values.append(customer.value)
        self.tenures.append(customer.tenure)
        self.groups.makeRoom(for: 1)
        self.groups.append(self.group(of: customer))
        for place in self.kept.indices {
            self.kept[place].append(place < customer.kept.count ? customer.kept[place] : .missing)
        }
        return slot
    }

    func set(_ slot: Int32, to customer: ProjectedCustomer) {
        let index = Int(slot)
        self.probabilities.set(index, to: customer.latest?.probability ?? 0)
        self.times[index] = Self.time(of: customer)
        self.versions[index] = Int32(truncatingIfNeeded: customer.version)
        self.values.set(index, to: customer.value)
        self.tenures.set(index, to: customer.tenure)
        self.groups[index] = self.group(of: customer)
        for (place, value) in zip(self.kept.indices, customer.kept) { self.kept[place].set(index, to: value) }
    }

    /// Returns whether an update of a customer is older than what is known.
    func isOlder(_ customer: ProjectedCustomer, than slot: Int32) -> Bool {
        let steps = Int32(truncatingIfNeeded: customer.version) &- self.versions[Int(slot)]
        if steps != 0 { return steps < 0 }
        return Self.time(of: customer) < self.times[Int(slot)]
    }

    /// Takes over the time of a last event from other columns, where nothing else about the customer has changed since.
    func keepTime(_ slot: Int32, from other: CustomerColumns, _ otherSlot: Int32) {
        let (index, otherIndex) = (Int(slot), Int(otherSlot))
        guard self.versions[index] == other.versions[otherIndex],
            self.probabilities[index] == other.probabilities[otherIndex]
        else { return }
        self.times[index] = max(self.times[index], other.times[otherIndex])
    }

    private func group(of customer: ProjectedCustomer) -> UInt32 {
        var segment: UInt32 = 0
        if let name = customer.segment {
            if let known = self.segmentNumbers[name] {
                segment = known
            } else {
                segment = UInt32(self.segmentNames.count)
                self.segmentNames.append(name)
                self.segmentValues.append(.text(name))
                self.segmentNumbers[name] = segment
            }
        }
        let band = customer.leftAt == nil ? Self.bandNumber(customer.latest?.band) : Self.leftBand
        return Self.group(segment: segment, band: band)
    }

    // MARK: Orders

    func riskPrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (keyA, keyB) = (self.probabilities[Int(a)], self.probabilities[Int(b)])
        return keyA == keyB ? self.ids.precedes(a, b) : keyA > keyB
    }

    func activityPrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (keyA, keyB) = (self.times[Int(a)], self.times[Int(b)])
        return keyA == keyB ? self.ids.precedes(a, b) : keyA > keyB
    }

    func valuePrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (keyA, keyB) = (self.values[Int(a)], self.values[Int(b)])
        return keyA == keyB ? self.ids.precedes(a, b) : keyA > keyB
    }

    func idPrecedes(_ a: Int32, _ b: Int32) -> Bool { self.ids.precedes(a, b) }

    /// Returns a customer's rank; nil where it has none, and for the order of ids.
    func rank(of slot: Int32, by order: WatchlistQuery.Order) -> Int64? {
        switch order {
        case .id: nil
        case .risk: self.isScored(slot) ? WatchlistCursor.rank(of: self.probabilities[Int(slot)]) : nil
        case .activity: self.hasEvent(slot) ? self.times[Int(slot)] : nil
        case .value: self.hasValue(slot) ? WatchlistCursor.rank(of: self.values[Int(slot)]) : nil
        }
    }

    /// The memory that the columns hold, in bytes.
    var byteCount: Int {
        self.ids.byteCount + self.probabilities.byteCount + self.values.byteCount + self.tenures.byteCount
            + 8 * self.times.capacity + 4 * (self.versions.capacity + self.groups.capacity)
            + self.kept.reduce(0) { $0 + $1.byteCount }
    }
}
