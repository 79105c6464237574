extension CustomerProjection {
    /// So many customers are put in order by sorting them; more are picked on a walk along the kept order.
    private static let fewCustomers = 2_048

    /// The ids of a page, and how many customers there are in all.
    package func page(_ query: WatchlistQuery) -> (ids: [String], total: Int) {
        let accepted = self.acceptedGroups(query)
        if query.search.isEmpty {
            let total = accepted.map(self.customers(in:)) ?? self.count
            let slots = self.slots(query, total: total, isAll: accepted == nil) { [groups = self.columns.groups] slot in
                accepted.map { $0[Int(groups[Int(slot)])] } ?? true
            }
            return (slots.map(self.columns.id), total)
        }
        let found = self.slots(beginningWith: query.searchKey, accepted)
        if found.count <= Self.fewCustomers {
            let sorted = found.sorted { self.places($0, before: $1, query) }
            let slots = sorted.dropFirst(max(0, query.offset)).prefix(max(1, query.limit))
            return (slots.map(self.columns.id), found.count)
        }
        var marks = [UInt64](repeating: 0, count: self.count / 64 + 1)
        for slot in found { marks[Int(slot) / 64] |= 1 << UInt64(slot % 64) }
        let slots = self.slots(query, total: found.count, isAll: found.count == self.count) { slot in
            marks[Int(slot) / 64] & (1 << UInt64(slot % 64)) != 0
        }
        return (slots.map(self.columns.id), found.count)
    }

    /// By group whether a query wants it; nil where it wants all.
    private func acceptedGroups(_ query: WatchlistQuery) -> [Bool]? {
        if query.bands.isEmpty, query.segments.isEmpty { return nil }
        var accepted = [Bool](
            repeating: false, count: self.columns.segmentNames.count * Int(CustomerColumns.bandsAndNone))
        let segments =
            query.segments.isEmpty
            ? Array(0..<UInt32(self.columns.segmentNames.count))
            : query.segments.compactMap(self.columns.segmentNumber)
        let bands =
            query.bands.isEmpty
            ? Array(0..<CustomerColumns.bandsAndNone) : query.bands.map(CustomerColumns.bandNumber)
        for segment in segments {
            for band in bands { accepted[Int(CustomerColumns.group(segment: segment, band: band))] = true }
        }
        return accepted
    }

    private func slots(beginningWith key: [UInt8], _ accepted: [Bool]?) -> [Int32] {
        let columns = self.columns
        let first = self.byFoldedID.count { columns.folded($0, precedes: key) }
        let end = self.byFoldedID.count {
            columns.folded($0, precedes: key) || columns.folded($0, startsWith: key)
        }
        var found: [Int32] = []
        found.reserveCapacity(end - first)
        var left = end - first
        _ = self.byFoldedID.forEach(from: first) { slot in
            guard left > 0 else { return false }
            left -= 1
            if accepted.map({ $0[Int(columns.groups[Int(slot)])] }) ?? true { found.append(slot) }
            return true
        }
        return found
    }

    /// The slots of a page out of `total` that are accepted.
    private func slots(
        _ query: WatchlistQuery, total: Int, isAll: Bool, _ isAccepted: (Int32) -> Bool
    ) -> [Int32] {
        let offset = max(0, query.offset)
        guard offset < total else { return [] }
        let wanted = min(max(1, query.limit), total - offset)
        var slots: [Int32] = []
        slots.reserveCapacity(min(wanted, 1_000))
        var passed = 0
        // Without a filter the walk begins at the offset.
        self.walk(query, from: isAll ? offset : 0) { slot, isWithinReach in
            if !isAll || !isWithinReach {
                guard isAccepted(slot) else { return true }
                passed += 1
                guard passed > offset else { return true }
            }
            slots.append(slot)
            return slots.count < wanted
        }
        return slots
    }

    /// Visits customers in a query's order until `visit` returns false.
    ///
    /// - Parameter visit: is also told whether the walk began at `start`, which not every order can.
    private func walk(
        _ query: WatchlistQuery, from start: Int, _ visit: (_ slot: Int32, _ beganAtStart: Bool) -> Bool
    ) {
        let columns = self.columns
        func along(_ keyed: SlotOrder, _ others: SlotOrder, equal: (Int32, Int32) -> Bool) {
            if query.isDescending || start >= keyed.count {
                guard keyed.forEach(from: start, { visit($0, true) }) else { return }
                _ = others.forEach(from: start - keyed.count) { visit($0, true) }
            } else {
                guard keyed.forEachReversed(equal: equal, { visit($0, false) }) else { return }
                _ = others.forEach { visit($0, false) }
            }
        }
        switch query.order {
        case .id:
            if query.isDescending {
                _ = self.byID.forEachReversed(equal: { _, _ in false }) { visit($0, false) }
            } else {
                _ = self.byID.forEach(from: start) { visit($0, true) }
            }
        case .risk:
            along(self.byRisk, self.unscored) { columns.probabilities[Int($0)] == columns.probabilities[Int($1)] }
        case .activity:
            along(self.byActivity, self.unscored) { columns.times[Int($0)] == columns.times[Int($1)] }
        case .value:
            along(self.byValue, self.valueless) { columns.values[Int($0)] == columns.values[Int($1)] }
        }
    }

    /// Whether `a` stands before `b` in the query's order.
    private func places(_ a: Int32, before b: Int32, _ query: WatchlistQuery) -> Bool {
        let columns = self.columns
        func byKey(_ hasKey: (Int32) -> Bool, _ equal: Bool, _ precedes: (Int32, Int32) -> Bool) -> Bool {
            switch (hasKey(a), hasKey(b)) {
            case (false, false): columns.idPrecedes(a, b)
            case (false, true): false
            case (true, false): true
            case (true, true): equal || query.isDescending ? precedes(a, b) : precedes(b, a)
            }
        }
        let (indexA, indexB) = (Int(a), Int(b))
        switch query.order {
        case .id: return query.isDescending ? columns.idPrecedes(b, a) : columns.idPrecedes(a, b)
        case .risk:
            let equal = columns.probabilities[indexA] == columns.probabilities[indexB]
            return byKey(columns.isScored, equal, columns.riskPrecedes)
        case .activity:
            return byKey(columns.isScored, columns.times[indexA] == columns.times[indexB], columns.activityPrecedes)
        case .value:
            return byKey(columns.hasValue, columns.values[indexA] == columns.values[indexB], columns.valuePrecedes)
        }
    }
}
