/// Collects the slots of a page on a walk along orders.
struct SlotPage {
    let filter: SlotFilter
    /// The most slots that are collected.
    let limit: Int
    /// The number of wanted slots that are still to be passed over.
    private(set) var skip: Int
    private(set) var slots: [Int32] = []

    init(filter: SlotFilter, skip: Int, limit: Int) {
        self.filter = filter
        self.skip = skip
        self.limit = limit
    }

    var isFull: Bool { self.slots.count >= self.limit }

    /// Walks along an order.
    mutating func collect(_ order: SlotOrder) { self.collect(order, from: order.start, to: order.end) }

    /// Walks from a place of an order to another.
    mutating func collect(_ order: SlotOrder, from start: SlotOrder.Place, to end: SlotOrder.Place) {
        var place = start
        while place < end, !self.isFull {
            let chunk = order.chunks[place.chunk]
            let indices = place.index..<(place.chunk == end.chunk ? end.index : chunk.count)
            place = SlotOrder.Place(chunk: place.chunk + 1, index: 0)
            if self.skip > 0 || self.filter.countsAtOnce {
                let count = self.filter.count(in: chunk, indices)
                if count <= self.skip {
                    self.skip -= count
                    continue
                }
            }
            for index in indices {
                let slot = chunk[index]
                guard self.filter.contains(slot) else { continue }
                if self.skip > 0 { self.skip -= 1 } else { self.slots.append(slot) }
                if self.isFull { return }
            }
        }
    }

    /// Walks back along an order from a place; slots of the same rank keep their order among themselves.
    ///
    /// - Parameters:
    ///   - end: no slot in front of it has the same rank as one from there on.
    ///   - rank: falls or stays along the order; nil where no two slots have the same.
    mutating func collectReversed(_ order: SlotOrder, before end: SlotOrder.Place, rank: ((Int32) -> Int64)?) {
        guard !self.isFull else { return }
        guard let found = self.wanted(order, before: end) else { return }
        // All of a run of equal ranks comes in its order, so what of it stands behind the one that was found comes
        // later than it would on a plain way back, and what stands in front of it earlier.
        var run = Self.run(order, around: found, rank)
        self.skip = self.count(order, from: order.place(after: found), to: run.upperBound)
        self.collect(order, from: run.lowerBound, to: run.upperBound)
        while !self.isFull, let next = self.wanted(order, before: run.lowerBound) {
            run = Self.run(order, around: next, rank)
            self.collect(order, from: run.lowerBound, to: run.upperBound)
        }
    }

    /// The last wanted place in front of another, after those that are to be skipped; nil where there are not that many.
    private mutating func wanted(_ order: SlotOrder, before end: SlotOrder.Place) -> SlotOrder.Place? {
        var (number, upper) = (end.chunk, end.index)
        while true {
            if upper == 0 {
                number -= 1
                guard number >= 0 else { return nil }
                upper = order.chunks[number].count
            }
            let chunk = order.chunks[number]
            if self.skip > 0 || self.filter.countsAtOnce {
                let count = self.filter.count(in: chunk, 0..<upper)
                if count <= self.skip {
                    self.skip -= count
                    upper = 0
                    continue
                }
            }
            for index in (0..<upper).reversed() where self.filter.contains(chunk[index]) {
                if self.skip == 0 { return SlotOrder.Place(chunk: number, index: index) }
                self.skip -= 1
            }
            upper = 0
        }
    }

    private func count(_ order: SlotOrder, from start: SlotOrder.Place, to end: SlotOrder.Place) -> Int {
        var count = 0
        var place = start
        while place < end {
            let chunk = order.chunks[place.chunk]
            count += self.filter.count(in: chunk, place.index..<(place.chunk == end.chunk ? end.index : chunk.count))
            place = SlotOrder.Place(chunk: place.chunk + 1, index: 0)
        }
        return count
    }

    /// The places of all slots that have the same rank as the one at a place.
    private static func run(
        _ order: SlotOrder, around place: SlotOrder.Place, _ rank: ((Int32) -> Int64)?
    ) -> Range<SlotOrder.Place> {
        let next = order.place(after: place)
        guard let rank else { return place..<next }
        let own = rank(order[place])
        let isFirst = order.place(before: place).map { rank(order[$0]) != own } ?? true
        let isLast = next == order.end || rank(order[next]) != own
        return
            (isFirst ? place : order.firstPlace { rank($0) > own })..<(isLast
            ? next : order.firstPlace { rank($0) >= own })
    }
}
