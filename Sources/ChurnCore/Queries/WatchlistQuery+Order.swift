extension WatchlistQuery {
    /// What the beginnings of ids are compared by: the bytes of the lower-case text.
    package static func searchKey(of id: String) -> [UInt8] { Array(id.lowercased().utf8) }

    /// What an id's key must begin with.
    package var searchKey: [UInt8] { Self.searchKey(of: self.search) }

    /// Whether `a` stands before `b` in the query's order.
    func places(_ a: CustomerState, before b: CustomerState, in domain: Domain) -> Bool {
        func byKey<Key: Comparable>(_ keyA: Key?, _ keyB: Key?) -> Bool {
            switch (keyA, keyB) {
            case (nil, nil): a.precedes(b)
            case (nil, _): false
            case (_, nil): true
            case (let keyA?, let keyB?):
                if keyA == keyB { a.precedes(b) } else { (keyA < keyB) != self.isDescending }
            }
        }
        switch self.order {
        case .id: return self.isDescending ? b.precedes(a) : a.precedes(b)
        case .risk: return byKey(a.latest?.probability, b.latest?.probability)
        case .value:
            return byKey(
                a.features[domain.valueFeature].numberValue, b.features[domain.valueFeature].numberValue)
        case .activity: return byKey(a.latest?.time, b.latest?.time)
        }
    }
}

extension CustomerState {
    fileprivate func precedes(_ other: CustomerState) -> Bool {
        self.id.utf8.lexicographicallyPrecedes(other.id.utf8)
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
    private var rank: Int { if case .intervention = self { 1 } else { 0 } }

    private var number: Int64 {
        switch self {
        case .event(let event): event.eventID
        case .score(let eventID, _, _): eventID
        case .intervention(let intervention): intervention.id
        }
    }

    /// Whether it stands before `other` in a timeline: later, else an intervention, else the larger number.
    package func isNewer(than other: TimelineEntry) -> Bool {
        (self.time, self.rank, self.number) > (other.time, other.rank, other.number)
    }
}
