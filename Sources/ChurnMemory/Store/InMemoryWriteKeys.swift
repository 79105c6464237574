import ChurnInsight

/// What was written with which key, so that what is sent again is kept once.
struct InMemoryWriteKeys {
    private struct Write {
        var key: String
        var intervention: Intervention
    }

    /// By customer, the last one written last.
    private var writes: [String: [Write]] = [:]

    /// The intervention of an earlier try of a write.
    func intervention(of new: NewIntervention) -> Intervention? {
        guard let key = new.writeKey else { return nil }
        return self.writes[new.customerID]?.first { $0.key.utf8.elementsEqual(key.utf8) }?.intervention
    }

    /// - Parameter limit: the most keys of one customer.
    mutating func keep(_ logged: Intervention, of new: NewIntervention, limit: Int) {
        guard let key = new.writeKey else { return }
        var writes = self.writes[new.customerID] ?? []
        writes.append(Write(key: key, intervention: logged))
        self.writes[new.customerID] = Array(writes.suffix(limit))
    }
}
