import ChurnCore

// A file of its own: the fuzzer, another package, reads filters and cannot see the facts.
extension UpdateFilter {
    /// Whether an update passes.
    ///
    /// One that cannot be told apart does: nothing is withheld by mistake.
    func matches(_ facts: UpdateFacts?) -> Bool {
        guard let facts else { return true }
        if !self.bands.isEmpty {
            guard let band = facts.band, self.bands.contains(band) else { return false }
        }
        if !self.customers.isEmpty, !self.customers.contains(CustomerKey(facts.customer)) { return false }
        return self.texts.allSatisfy { field, wanted in
            switch field {
            case .band, .customer: true
            case .segment: facts.segment.map(wanted.contains) ?? false
            case .type: wanted.contains(facts.type)
            case .eventType: wanted.contains(facts.eventType)
            }
        }
    }
}
