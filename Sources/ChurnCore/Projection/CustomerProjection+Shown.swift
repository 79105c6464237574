extension CustomerProjection {
    /// What the domain shows of these customers; nil for those that it does not know.
    package func shown(of ids: some Sequence<String>) -> [[FeatureValue]?] {
        let (ids, identities) = (Array(ids), self.columns.ids)
        let slots = zip(ids, identities.orderedSlots(of: ids)).map { id, slot in
            slot ?? self.byID.slot(of: id, in: identities)
        }
        var rows = self.columns.shown(of: slots.compactMap { $0 }).makeIterator()
        return slots.map { $0 == nil ? nil : rows.next() }
    }
}

extension SlotOrder {
    /// The customer of an id in the order of ids.
    func slot(of id: String, in ids: IDColumn) -> Int32? {
        var id = id
        return id.withUTF8 { bytes in
            if let slot = ids.orderedSlot(of: bytes) { return slot }
            let place = self.firstPlace { ids.id($0, precedes: bytes) }
            guard place < self.end, ids.id(self[place], is: bytes) else { return nil }
            return self[place]
        }
    }
}

extension CustomerColumns {
    /// The values of the domain's update fields, a customer after the other.
    fileprivate func shown(of slots: [Int32]) -> [[FeatureValue]] {
        // Finding out where a field's values stand takes longer than fetching one.
        let readers = self.shownFeatures.sources.map { self.reader(of: $0) }
        return readers.withUnsafeBufferPointer { readers in
            slots.map { slot in
                [FeatureValue](unsafeUninitializedCapacity: readers.count) { room, count in
                    for place in readers.indices { room.initializeElement(at: place, to: readers[place](Int(slot))) }
                    count = readers.count
                }
            }
        }
    }

    /// What fetches the value of a customer from one source.
    private func reader(of source: ShownFeatures.Source) -> (Int) -> FeatureValue {
        switch source {
        case .segment:
            let (names, groups) = (self.segmentValues, self.groups)
            return { names[Int(groups[$0] / Self.bandsAndNone)] }
        case .value:
            let values = self.values
            return { Self.value(values[$0]) }
        case .tenure:
            let tenures = self.tenures
            return { Self.value(tenures[$0]) }
        case .kept(let place):
            let column = self.kept[place]
            return { column[$0] }
        }
    }

    private static func value(_ number: Double) -> FeatureValue { number.isNaN ? .missing : .number(number) }
}
