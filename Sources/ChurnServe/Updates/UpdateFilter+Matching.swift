import ChurnCore

// A file of its own: the fuzzer, another package, reads filters and cannot see the headers.
extension UpdateFilter {
    /// Whether an update passes.
    func matches(_ headers: UpdateHeader) -> Bool {
        if !self.bands.isEmpty, !self.bands.contains(headers.band) { return false }
        if !self.customers.isEmpty, !self.customers.contains(CustomerKey(headers.customer)) { return false }
        return self.texts.allSatisfy { field, wanted in
            switch field {
            case .band, .customer: true
            case .segment: headers.segment.map(wanted.contains) ?? false
            case .type: wanted.contains(headers.type)
            case .eventType: wanted.contains(headers.eventType)
            }
        }
    }
}
