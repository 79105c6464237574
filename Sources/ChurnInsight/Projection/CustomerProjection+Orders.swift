/// The places of a customer in the orders by score, last event and value.
extension CustomerProjection {
    func enterScore(_ slot: Int32) {
        let (columns, groups) = (self.columns, self.columns.groups)
        if columns.isScored(slot) {
            self.byRisk.insert(slot, groups: groups, columns.riskPrecedes)
        } else {
            self.unscored.insert(slot, groups: groups, columns.idPrecedes)
        }
    }

    func withdrawScore(_ slot: Int32) {
        let (columns, groups) = (self.columns, self.columns.groups)
        if columns.isScored(slot) {
            self.byRisk.remove(slot, groups: groups, columns.riskPrecedes)
        } else {
            self.unscored.remove(slot, groups: groups, columns.idPrecedes)
        }
    }

    func moveScore(_ slot: Int32, from old: UInt32, to new: UInt32) {
        if self.columns.isScored(slot) {
            self.byRisk.move(slot, from: old, to: new, self.columns.riskPrecedes)
        } else {
            self.unscored.move(slot, from: old, to: new, self.columns.idPrecedes)
        }
    }

    func enterActivity(_ slot: Int32) {
        let (columns, groups) = (self.columns, self.columns.groups)
        if columns.hasEvent(slot) {
            self.byActivity.insert(slot, groups: groups, columns.activityPrecedes)
        } else {
            self.inactive.insert(slot, groups: groups, columns.idPrecedes)
        }
    }

    func withdrawActivity(_ slot: Int32) {
        let (columns, groups) = (self.columns, self.columns.groups)
        if columns.hasEvent(slot) {
            self.byActivity.remove(slot, groups: groups, columns.activityPrecedes)
        } else {
            self.inactive.remove(slot, groups: groups, columns.idPrecedes)
        }
    }

    func moveActivity(_ slot: Int32, from old: UInt32, to new: UInt32) {
        if self.columns.hasEvent(slot) {
            self.byActivity.move(slot, from: old, to: new, self.columns.activityPrecedes)
        } else {
            self.inactive.move(slot, from: old, to: new, self.columns.idPrecedes)
        }
    }

    func enterValue(_ slot: Int32) {
        let (columns, groups) = (self.columns, self.columns.groups)
        if columns.hasValue(slot) {
            self.byValue.insert(slot, groups: groups, columns.valuePrecedes)
        } else {
            self.valueless.insert(slot, groups: groups, columns.idPrecedes)
        }
    }

    func withdrawValue(_ slot: Int32) {
        let (columns, groups) = (self.columns, self.columns.groups)
        if columns.hasValue(slot) {
            self.byValue.remove(slot, groups: groups, columns.valuePrecedes)
        } else {
            self.valueless.remove(slot, groups: groups, columns.idPrecedes)
        }
    }

    func moveValue(_ slot: Int32, from old: UInt32, to new: UInt32) {
        if self.columns.hasValue(slot) {
            self.byValue.move(slot, from: old, to: new, self.columns.valuePrecedes)
        } else {
            self.valueless.move(slot, from: old, to: new, self.columns.idPrecedes)
        }
    }
}
