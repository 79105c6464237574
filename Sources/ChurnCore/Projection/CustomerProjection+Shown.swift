extension CustomerProjection {
    /// What the domain shows of these customers; nil for those that it does not know.
    package func shown(of ids: some Sequence<String>) -> [[FeatureValue]?] {
        let (columns, order, identities) = (self.columns, self.byID, self.columns.ids)
        return ids.map { id in
            order.slot(of: id, in: identities).map { columns.shown(of: Int($0)) }
        }
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
    /// The values of the domain's update fields.
    fileprivate func shown(of index: Int) -> [FeatureValue] {
        self.shownFeatures.sources.map { source in
            switch source {
            case .segment: self.segmentValues[Int(self.groups[index] / Self.bandsAndNone)]
            case .value: Self.value(self.values[index])
            case .tenure: Self.value(self.tenures[index])
            case .kept(let place): self.kept[place][index]
            }
        }
    }

    private static func value(_ number: Double) -> FeatureValue { number.isNaN ? .missing : .number(number) }
}
