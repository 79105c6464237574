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
        let none = [FeatureValue](repeating: .missing, count: self.shownFeatures.sources.count)
        var rows = [[FeatureValue]](repeating: none, count: slots.count)
        // Column by column: finding out where a value stands takes longer than fetching it.
        for (place, source) in self.shownFeatures.sources.enumerated() {
            switch source {
            case .segment:
                let (names, groups) = (self.segmentValues, self.groups)
                for row in rows.indices { rows[row][place] = names[Int(groups[Int(slots[row])] / Self.bandsAndNone)] }
            case .value:
                let values = self.values
                for row in rows.indices { rows[row][place] = Self.value(values[Int(slots[row])]) }
            case .tenure:
                let tenures = self.tenures
                for row in rows.indices { rows[row][place] = Self.value(tenures[Int(slots[row])]) }
            case .kept(let kept):
                let column = self.kept[kept]
                for row in rows.indices { rows[row][place] = column[Int(slots[row])] }
            }
        }
        return rows
    }

    private static func value(_ number: Double) -> FeatureValue { number.isNaN ? .missing : .number(number) }
}
