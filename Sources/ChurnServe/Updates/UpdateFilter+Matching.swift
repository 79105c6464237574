import ChurnCore

// A file of its own: the fuzzer, another package, reads filters and cannot see the facts.
extension UpdateFilter {
    /// Whether an update passes.
    func matches(_ facts: UpdateFacts) -> Bool {
        if !self.bands.isEmpty, !self.bands.contains(facts.band) { return false }
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
