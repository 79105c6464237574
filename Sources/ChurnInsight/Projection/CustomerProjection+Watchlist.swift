/// A page of a watchlist, as a projection knows it.
package struct ProjectedPage: Hashable, Sendable {
    /// The customers, in the order that was asked for.
    package var ids: [String]
    /// The number of all customers of the list.
    package var total: Int
    /// The start of the next page; nil where nothing follows.
    package var next: WatchlistCursor?
}

extension CustomerProjection {
    /// This many found customers are put in order by sorting them; more are picked on a walk along the kept order.
    private static let fewCustomers = 2_048

    /// The ids of a page, how many customers there are in all, and where the next page begins.
    package func page(_ query: WatchlistQuery) -> ProjectedPage {
        let accepted = self.acceptedGroups(query)
        let groups = self.columns.groups
        let total = accepted.map(self.counts.customers(in:)) ?? self.count
        guard !query.search.isEmpty else {
            return self.page(query, SlotFilter(accepted: accepted, groups: groups), total: total)
        }
        let found = self.marks(of: query.searchKey, SlotFilter(accepted: accepted, groups: groups))
        if found.count > Self.fewCustomers {
            return self.page(query, SlotFilter(marks: found.marks), total: found.count)
        }
        return self.page(query, of: Self.slots(of: found.marks))
    }

    /// By group whether a query wants it; nil where it wants all.
    ///
    /// No query wants those who have left.
    private func acceptedGroups(_ query: WatchlistQuery) -> [Bool]? {
        if query.bands.isEmpty, query.segments.isEmpty, self.counts.left == 0 { return nil }
        var accepted = [Bool](
            repeating: false, count: self.columns.segmentNames.count * Int(CustomerColumns.bandsAndNone))
        let segments =
            query.segments.isEmpty
            ? Array(0..<UInt32(self.columns.segmentNames.count))
            : query.segments.compactMap(self.columns.segmentNumber)
        let bands =
            query.bands.isEmpty
            ? Array(0...CustomerColumns.noBand) : query.bands.map(CustomerColumns.bandNumber)
        for segment in segments {
            for band in bands { accepted[Int(CustomerColumns.group(segment: segment, band: band))] = true }
        }
        return accepted
    }

    // MARK: Searches

    /// A bit for each slot that a query wants and whose id contains `key`, and how many they are.
    private func marks(of key: [UInt8], _ wanted: SlotFilter) -> (marks: [UInt64], count: Int) {
        var marks = [UInt64](repeating: 0, count: self.count / 64 + 1)
        var count = 0
        self.columns.ids.forEachSlot(containing: key) { slot in
            guard wanted.contains(slot) else { return }
            marks[Int(slot) >> 6] |= 1 << UInt64(slot & 63)
            count += 1
        }
        return (marks, count)
    }

    /// The slots that are marked, in ascending order.
    private static func slots(of marks: [UInt64]) -> [Int32] {
        var slots: [Int32] = []
        for (index, word) in marks.enumerated() {
            var rest = word
            while rest != 0 {
                slots.append(Int32(index * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return slots
    }

    /// A page of a few customers.
    private func page(_ query: WatchlistQuery, of found: [Int32]) -> ProjectedPage {
        let (ids, columns) = (self.columns.ids, self.columns)
        var ranked = found.map { (rank: columns.rank(of: $0, by: query.order), slot: $0) }
        if let cursor = query.after {
            let id = Array(cursor.id.utf8)
            ranked.removeAll { customer in
                !query.places(cursor.rank, before: customer.rank) { isReversed in
                    isReversed
                        ? ids.id(customer.slot, precedes: id)
                        : !ids.id(customer.slot, precedes: id) && !ids.id(customer.slot, is: id)
                }
            }
        }
        ranked.sort { a, b in
            query.places(a.rank, before: b.rank) { isReversed in
                isReversed ? ids.precedes(b.slot, a.slot) : ids.precedes(a.slot, b.slot)
            }
        }
        let slots = ranked.dropFirst(query.passedOver).prefix(query.countAndOne).map(\.slot)
        return self.page(query, slots, total: found.count)
    }

    // MARK: Walks

    /// A page of all customers that a filter wants.
    private func page(_ query: WatchlistQuery, _ filter: SlotFilter, total: Int) -> ProjectedPage {
        let skip = query.passedOver
        guard skip < total else { return ProjectedPage(ids: [], total: total, next: nil) }
        var page = SlotPage(filter: filter, skip: skip, limit: min(query.countAndOne, total))
        let columns = self.columns
        let ranked: SlotOrder
        var others: SlotOrder?
        switch query.order {
        case .id: ranked = self.byID
        case .risk: (ranked, others) = (self.byRisk, self.unscored)
        case .activity: (ranked, others) = (self.byActivity, self.inactive)
        case .value: (ranked, others) = (self.byValue, self.valueless)
        }
        // Customers that have a rank have one of their own order.
        let rank = others.map { _ in { (slot: Int32) in columns.rank(of: slot, by: query.order) ?? .min } }
        let id = query.after.map { Array($0.id.utf8) }
        func isPassed(_ slot: Int32) -> Bool {
            id.map { columns.ids.id(slot, precedes: $0) || columns.ids.id(slot, is: $0) } ?? false
        }
        if let others, query.after != nil, query.after?.rank == nil {
            page.collect(others, from: others.firstPlace(where: isPassed), to: others.end)
            return self.page(query, page.slots, total: total)
        }
        // Ids ascend by themselves, ranks descend; where a query wants the other way, the walk goes back.
        if query.isDescending == (rank != nil) {
            let start = query.after.map { cursor in
                ranked.firstPlace { slot in
                    guard let rank, let last = cursor.rank else { return isPassed(slot) }
                    return rank(slot) == last ? isPassed(slot) : rank(slot) > last
                }
            }
            page.collect(ranked, from: start ?? ranked.start, to: ranked.end)
        } else if let rank, let last = query.after?.rank {
            let equal = ranked.firstPlace { rank($0) > last }
            let rest = ranked.firstPlace { rank($0) == last ? isPassed($0) : rank($0) > last }
            page.collect(ranked, from: rest, to: ranked.firstPlace { rank($0) >= last })
            page.collectReversed(ranked, before: equal, rank: rank)
        } else {
            let end = id.map { id in ranked.firstPlace { columns.ids.id($0, precedes: id) } }
            page.collectReversed(ranked, before: end ?? ranked.end, rank: rank)
        }
        if let others { page.collect(others) }
        return self.page(query, page.slots, total: total)
    }

    /// A page of slots, of which one more was collected than it shows where something follows.
    private func page(_ query: WatchlistQuery, _ slots: [Int32], total: Int) -> ProjectedPage {
        let shown = slots.prefix(query.count)
        let next = slots.count > shown.count ? shown.last : nil
        return ProjectedPage(
            ids: shown.map { self.columns.ids[$0] }, total: total,
            next: next.map { slot in
                WatchlistCursor(rank: self.columns.rank(of: slot, by: query.order), id: self.columns.ids[slot])
            })
    }
}
