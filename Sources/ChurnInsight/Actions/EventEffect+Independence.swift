import ChurnCore

extension EventEffect {
    /// Returns whether the order of two effects cannot matter to the features that they write.
    ///
    /// Conditions are not looked at: whether one effect makes the other impossible is seen by applying both.
    func isIndependent(of other: EventEffect) -> Bool {
        let shared = self.written.intersection(other.written)
        return shared.isSubset(of: self.onlyAdded) && shared.isSubset(of: other.onlyAdded)
            && self.read.isDisjoint(with: other.written) && other.read.isDisjoint(with: self.written)
    }

    private var written: Set<Int> { Set(self.steps.map(\.feature)) }

    /// Features that get an amount added and nothing else.
    private var onlyAdded: Set<Int> {
        let others = self.steps.filter { if case .add = $0.operation { false } else { true } }
        return self.written.subtracting(others.map(\.feature))
    }

    /// Features whose number is added to another.
    private var read: Set<Int> {
        Set(self.steps.compactMap { if case .addFeature(let other) = $0.operation { other } else { nil } })
    }
}
