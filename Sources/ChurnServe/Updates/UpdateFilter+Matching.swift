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
        return self.texts.allSatisfy { field, wanted in
            switch field {
            case .band: true
            case .segment: facts.segment.map(wanted.contains) ?? false
            case .customer: wanted.contains(facts.customer)
            case .type: wanted.contains(facts.type)
            case .eventType: wanted.contains(facts.eventType)
            }
        }
    }
}
