import ChurnCore

// A file of its own: the fuzzer, another package, reads filters and cannot see header.
extension UpdateFilter {
    /// Returns whether an update passes.
    func matches(_ header: UpdateHeader) -> Bool {
        if !self.bands.isEmpty, !self.bands.contains(header.band) { return false }
        if !self.customers.isEmpty, !self.customers.contains(CustomerKey(header.customer)) { return false }
        return self.texts.allSatisfy { field, wanted in
            switch field {
            case .band, .customer: true
            case .segment: header.segment.map(wanted.contains) ?? false
            case .type: wanted.contains(header.type)
            case .eventType: wanted.contains(header.eventType)
            }
        }
    }
}
