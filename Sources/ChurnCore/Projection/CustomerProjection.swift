/// What summaries and watchlists need of every customer, in memory: latest score, band, segment and value.
///
/// Counts are kept as customers change, so that a summary costs as much as there are segments; every order of the
/// watchlist is kept too, so that a page costs as much as it shows, and a rare filter one walk. Not thread-safe: its
/// owner has a lock.
package final class CustomerProjection {
    let columns = CustomerColumns()
    /// Scored customers by score, the highest first, and by time, the latest first.
    var byRisk = SlotOrder()
    var byActivity = SlotOrder()
    /// Customers without a score by id.
    var unscored = SlotOrder()
    /// Customers with a value, the largest first, and those without one by id.
    var byValue = SlotOrder()
    var valueless = SlotOrder()
    var byID = SlotOrder()
    /// By the lower-case bytes of the id.
    var byFoldedID = SlotOrder()
    private var counts = GroupCounts()
    /// The scores of the last hours.
    var hourly = HourlyScores()

    /// Creates an empty projection.
    package init() {}

    /// How many customers there are.
    package var count: Int { self.columns.count }

    /// The memory that it holds, in bytes.
    package var byteCount: Int {
        let orders = [
            self.byRisk, self.byActivity, self.unscored, self.byValue, self.valueless, self.byID, self.byFoldedID,
        ]
        return orders.reduce(self.columns.byteCount) { $0 + $1.byteCount }
    }

    /// How the customer base stands.
    package func summary(at now: Timestamp) -> RiskSummary {
        self.counts.summary(of: self.columns, trend: self.hourly.trend(at: now))
    }

    func customers(in accepted: [Bool]) -> Int { self.counts.customers(in: accepted) }

    // MARK: Loading

    /// Adds customers that are not in it yet, without their place in the orders; `finishLoading()` comes after the last.
    package func load(_ customers: [ProjectedCustomer]) {
        for customer in customers where self.columns.slot(of: customer.id) == nil {
            self.counts.add(self.columns.append(customer), of: self.columns)
        }
    }

    /// Puts every customer into the orders.
    package func finishLoading() {
        let columns = self.columns
        let all = Array(0..<Int32(columns.count))
        let ids = all.sortedUnlessSorted(by: columns.idPrecedes)
        self.byID = SlotOrder(sorted: ids)
        self.byFoldedID = SlotOrder(sorted: ids.sortedUnlessSorted(by: columns.foldedPrecedes))
        let scored = ids.filter(columns.isScored)
        self.byRisk = SlotOrder(sorted: scored.sorted(by: columns.riskPrecedes))
        self.byActivity = SlotOrder(sorted: scored.sorted(by: columns.activityPrecedes))
        self.unscored = SlotOrder(sorted: ids.filter { !columns.isScored($0) })
        self.byValue = SlotOrder(sorted: ids.filter(columns.hasValue).sorted(by: columns.valuePrecedes))
        self.valueless = SlotOrder(sorted: ids.filter { !columns.hasValue($0) })
    }

    // MARK: Changing

    /// Adds a customer, or replaces what is known about it.
    package func update(_ customer: ProjectedCustomer) {
        guard let slot = self.columns.slot(of: customer.id) else {
            let slot = self.columns.append(customer)
            self.byID.insert(slot, self.columns.idPrecedes)
            self.byFoldedID.insert(slot, self.columns.foldedPrecedes)
            self.add(slot, scores: true, values: true)
            return
        }
        let index = Int(slot)
        let before = (self.columns.probabilities[index], self.columns.times[index], self.columns.isScored(slot))
        let changesScore =
            customer.latest.map { before != ($0.probability, $0.time.microseconds, true) } ?? before.2
        let value = self.columns.values[index]
        let changesValue = customer.value.map { $0 != value } ?? !value.isNaN
        self.counts.remove(slot, of: self.columns)
        if changesScore {
            if before.2 {
                self.byRisk.remove(slot, self.columns.riskPrecedes)
                self.byActivity.remove(slot, self.columns.activityPrecedes)
            } else {
                self.unscored.remove(slot, self.columns.idPrecedes)
            }
        }
        if changesValue {
            if value.isNaN {
                self.valueless.remove(slot, self.columns.idPrecedes)
            } else {
                self.byValue.remove(slot, self.columns.valuePrecedes)
            }
        }
        self.columns.set(slot, to: customer)
        self.add(slot, scores: changesScore, values: changesValue)
    }

    private func add(_ slot: Int32, scores: Bool, values: Bool) {
        self.counts.add(slot, of: self.columns)
        if scores {
            if self.columns.isScored(slot) {
                self.byRisk.insert(slot, self.columns.riskPrecedes)
                self.byActivity.insert(slot, self.columns.activityPrecedes)
            } else {
                self.unscored.insert(slot, self.columns.idPrecedes)
            }
        }
        if values {
            if self.columns.hasValue(slot) {
                self.byValue.insert(slot, self.columns.valuePrecedes)
            } else {
                self.valueless.insert(slot, self.columns.idPrecedes)
            }
        }
    }
}

extension CustomerColumns {
    func riskPrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (keyA, keyB) = (self.probabilities[Int(a)], self.probabilities[Int(b)])
        return keyA == keyB ? self.idPrecedes(a, b) : keyA > keyB
    }

    func activityPrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (keyA, keyB) = (self.times[Int(a)], self.times[Int(b)])
        return keyA == keyB ? self.idPrecedes(a, b) : keyA > keyB
    }

    func valuePrecedes(_ a: Int32, _ b: Int32) -> Bool {
        let (keyA, keyB) = (self.values[Int(a)], self.values[Int(b)])
        return keyA == keyB ? self.idPrecedes(a, b) : keyA > keyB
    }
}

extension [Int32] {
    /// Sorted; a store reads customers in order, which one pass sees.
    fileprivate func sortedUnlessSorted(by precedes: (Int32, Int32) -> Bool) -> [Int32] {
        let isSorted = zip(self, self.dropFirst()).allSatisfy { !precedes($1, $0) }
        return isSorted ? self : self.sorted(by: precedes)
    }
}
