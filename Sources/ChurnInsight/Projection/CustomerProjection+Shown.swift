import ChurnCore

extension CustomerProjection {
    /// Returns the columns that the domain shows of these customers.
    package func shown(of ids: TextColumn) -> ShownColumns {
        let identities = self.columns.ids
        var slots = identities.orderedSlots(of: ids)
        for index in slots.indices where slots[index] < 0 {
            slots[index] = self.byID.slot(of: ids[index], in: identities) ?? IDColumn.noSlot
        }
        return self.columns.shown(of: slots)
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
    /// The values of the domain's update fields; nothing for those without a slot.
    fileprivate func shown(of slots: [Int32]) -> ShownColumns {
        ShownColumns(
            areKnown: slots.map { $0 >= 0 },
            columns: self.shownFeatures.sources.map { source in
                switch source {
                case .segment:
                    .values(
                        self.segmentValues,
                        places: slots.map { $0 < 0 ? $0 : Int32(self.groups[Int($0)] / Self.bandsAndNone) })
                case .value: .numbers(self.values.numbers(at: slots))
                case .tenure: .numbers(self.tenures.numbers(at: slots))
                case .kept(let place): self.kept[place].shown(at: slots)
                }
            })
    }
}
