package import ChurnCore

extension WatchlistQuery {
    /// Returns the key by which parts of ids are compared: the bytes of the lower-case text.
    package static func searchKey(of id: String) -> [UInt8] { Array(id.lowercased().utf8) }

    /// The part that an id's key must have.
    package var searchKey: [UInt8] { Self.searchKey(of: self.search) }

    /// Returns whether an id contains what is searched for.
    package static func finds(_ searchKey: [UInt8], in id: String) -> Bool {
        FoldedScan.contains(Self.searchKey(of: id), searchKey)
    }

    /// The number of customers that are passed over.
    package var passedOver: Int { max(0, self.offset) }

    /// The most customers on a page.
    package var count: Int { max(1, self.limit) }

    /// One more than are on a page, to see whether something follows.
    var countAndOne: Int { self.count == .max ? .max : self.count + 1 }

    /// Returns a customer's rank; nil where it has none, and for the order of ids.
    package func rank(of state: CustomerState, in domain: Domain) -> Int64? {
        switch self.order {
        case .id: nil
        case .risk: (state.latest?.probability).map(WatchlistCursor.rank)
        case .activity: state.lastEvent?.microseconds
        case .value: domain.value(of: state.features).map(WatchlistCursor.rank)
        }
    }

    /// Returns whether one customer stands before another in the query's order.
    ///
    /// - Parameters:
    ///   - a: the rank of the one.
    ///   - b: the rank of the other.
    ///   - idPrecedes: whether the id of the one stands before that of the other, or, if it is handed true, behind it.
    func places(_ a: Int64?, before b: Int64?, idPrecedes: (_ isReversed: Bool) -> Bool) -> Bool {
        switch (a, b) {
        case (nil, nil): idPrecedes(self.order == .id && self.isDescending)
        case (nil, _): false
        case (_, nil): true
        case (let a?, let b?): a == b ? idPrecedes(false) : (a < b) != self.isDescending
        }
    }

    /// Returns whether `a` stands before `b` in the query's order.
    package func places(_ a: WatchlistCursor, before b: WatchlistCursor) -> Bool {
        self.places(a.rank, before: b.rank) { isReversed in
            let (first, second) = isReversed ? (b.id, a.id) : (a.id, b.id)
            return first.utf8.lexicographicallyPrecedes(second.utf8)
        }
    }
}

extension RiskSummary.SegmentCount {
    /// Most customers first, then by name (UTF-8 bytes).
    static func precedes(_ a: Self, _ b: Self) -> Bool {
        if a.customers != b.customers { return a.customers > b.customers }
        return a.segment.utf8.lexicographicallyPrecedes(b.segment.utf8)
    }
}

extension TimelineEntry {
    private var rank: Int {
        switch self {
        case .event, .score: 0
        case .intervention: 1
        case .step: 2
        }
    }

    private var number: Int64 {
        switch self {
        case .event(let event): event.eventID
        case .score(let eventID, _, _): eventID
        case .intervention(let intervention): intervention.id
        case .step(let change): change.version
        }
    }

    /// Returns whether it stands before `other` in a timeline: later, else a step about a case, else an
    /// intervention, else the larger number.
    package func isNewer(than other: TimelineEntry) -> Bool {
        (self.time, self.rank, self.number) > (other.time, other.rank, other.number)
    }
}
