package import ChurnCore

/// The data of summaries and watchlists on every customer, in memory: latest score, band, segment, value and tenure.
///
/// Counts are kept as customers change, so that a summary costs as much as there are segments. Every order of the
/// watchlist is kept too, in chunks that know how many customers of each band and segment they hold, so that any page
/// costs a look at the chunks. Not thread-safe: its owner has a lock.
package final class CustomerProjection {
    let columns: CustomerColumns
    /// Scored customers by score, the highest first, and those without a score by id.
    var byRisk = SlotOrder()
    var unscored = SlotOrder()
    /// Customers with an event by the time of their last, the latest first, and those without one by id.
    var byActivity = SlotOrder()
    var inactive = SlotOrder()
    /// Customers with a value, the largest first, and those without one by id.
    var byValue = SlotOrder()
    var valueless = SlotOrder()
    var byID = SlotOrder()
    private(set) var counts: GroupCounts
    /// The scores of the last hours.
    var hourly = HourlyScores()

    /// Creates an empty projection.
    ///
    /// - Parameters:
    ///   - features: what is shown of a customer.
    ///   - alerts: says who is at risk.
    package init(showing features: ShownFeatures = ShownFeatures(), alerts: AlertPolicy = AlertPolicy()) {
        self.columns = CustomerColumns(showing: features)
        self.counts = GroupCounts(alerts: alerts)
    }

    /// The number of customers.
    package var count: Int { self.columns.count }

    /// The memory that it holds, in bytes.
    package var byteCount: Int {
        let orders = [
            self.byRisk, self.unscored, self.byActivity, self.inactive, self.byValue, self.valueless, self.byID,
        ]
        return orders.reduce(self.columns.byteCount) { $0 + $1.byteCount }
    }

    /// Returns a summary of the customer base.
    package func summary(at now: Timestamp) -> RiskSummary {
        self.counts.riskCounts(of: self.columns).summary(trend: self.hourly.trend(at: now))
    }

    /// Returns the counts of life-cycle stages, segments and bands together.
    package func analytics(hasTenure: Bool) -> RiskAnalytics {
        self.counts.riskCounts(of: self.columns).analytics(hasTenure: hasTenure)
    }

    // MARK: Loading

    /// Adds customers that are not in it yet, without their place in the orders; `finishLoading()` comes after the last.
    package func load(_ customers: [ProjectedCustomer]) {
        for customer in customers { self.counts.add(self.columns.append(customer), of: self.columns) }
    }

    /// Puts every customer into the orders.
    package func finishLoading() {
        let columns = self.columns
        let (identities, groups) = (columns.ids, columns.groups)
        let groupCount = columns.segmentNames.count * Int(CustomerColumns.bandsAndNone)
        func order(_ slots: [Int32]) -> SlotOrder { SlotOrder(sorted: slots, groups: groups, groupCount: groupCount) }

        var ids = Array(0..<Int32(columns.count))
        if identities.orderedCount < ids.count { ids.sort(by: identities.precedes) }
        self.byID = order(ids)
        self.unscored = order(ids.filter { !columns.isScored($0) })
        self.inactive = order(ids.filter { !columns.hasEvent($0) })
        self.valueless = order(ids.filter { !columns.hasValue($0) })
        // The slots are in the order of their ids: a sort that keeps it where keys are equal compares no ids.
        var slots = ids.filter(columns.isScored)
        let (probabilities, times, values) = (columns.probabilities, columns.times, columns.values)
        slots.sort { probabilities[Int($0)] > probabilities[Int($1)] }
        self.byRisk = order(slots)
        slots = ids.filter(columns.hasEvent)
        slots.sort { times[Int($0)] > times[Int($1)] }
        self.byActivity = order(slots)
        slots = ids.filter(columns.hasValue)
        slots.sort { values[Int($0)] > values[Int($1)] }
        self.byValue = order(slots)
    }

    /// Takes over the times of last events from another projection, for customers of these slots; comes before
    /// `finishLoading()`.
    ///
    /// A store may write a customer's last event later than that it was scored: then what follows the updates knows it
    /// better.
    func keepTimes(from other: CustomerProjection, of slots: Range<Int>) {
        for slot in slots.lazy.map(Int32.init) where self.columns.isScored(slot) {
            guard let known = other.byID.slot(of: self.columns.ids[slot], in: other.columns.ids),
                other.columns.isScored(known)
            else { continue }
            self.columns.keepTime(slot, from: other.columns, known)
        }
    }

    // MARK: Changing

    /// Takes up what a block of updates says of a customer; nothing where something later is known.
    ///
    /// Blocks of different partitions come in no order.
    package func follow(_ customer: ProjectedCustomer) {
        if let slot = self.byID.slot(of: customer.id, in: self.columns.ids),
            self.columns.isOlder(customer, than: slot)
        {
            return
        }
        self.update(customer)
    }

    /// Adds a customer, or replaces what is known about it.
    package func update(_ customer: ProjectedCustomer) {
        guard let slot = self.byID.slot(of: customer.id, in: self.columns.ids) else {
            self.add(customer)
            return
        }
        let columns = self.columns
        let index = Int(slot)
        let (oldGroup, value, wasScored) = (columns.groups[index], columns.values[index], columns.isScored(slot))
        let changesScore =
            customer.latest.map {
                !wasScored || customer.leftAt != nil || columns.probabilities[index] != $0.probability
            } ?? wasScored
        let changesActivity = CustomerColumns.time(of: customer) != columns.times[index]
        let changesValue = customer.value.map { $0 != value } ?? !value.isNaN
        self.counts.remove(slot, of: columns)
        if changesScore { self.withdrawScore(slot) }
        if changesActivity { self.withdrawActivity(slot) }
        if changesValue { self.withdrawValue(slot) }
        columns.set(slot, to: customer)
        self.counts.add(slot, of: columns)
        let group = columns.groups[index]
        if changesScore {
            self.enterScore(slot)
        } else if group != oldGroup {
            self.moveScore(slot, from: oldGroup, to: group)
        }
        if changesActivity {
            self.enterActivity(slot)
        } else if group != oldGroup {
            self.moveActivity(slot, from: oldGroup, to: group)
        }
        if changesValue {
            self.enterValue(slot)
        } else if group != oldGroup {
            self.moveValue(slot, from: oldGroup, to: group)
        }
        if group != oldGroup {
            self.byID.move(slot, from: oldGroup, to: group, columns.idPrecedes)
        }
    }

    private func add(_ customer: ProjectedCustomer) {
        let columns = self.columns
        let slot = columns.append(customer)
        self.counts.add(slot, of: columns)
        self.byID.insert(slot, groups: columns.groups, columns.idPrecedes)
        self.enterScore(slot)
        self.enterActivity(slot)
        self.enterValue(slot)
    }
}
