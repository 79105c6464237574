public import ChurnCore
public import ChurnInsight

extension InMemoryStore {
    /// One customer with its newest events and interventions.
    public func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? {
        self.tables.withLock { tables in
            tables.customer(id).map { customer in
                CustomerRecord(
                    state: customer.state, recentEvents: customer.events.suffix(max(0, recentEvents)).reversed(),
                    interventions: customer.interventions.reversed(), scoredBy: customer.given.last?.version)
            }
        }
    }

    /// Customers' ids in ascending order after `id`.
    public func customerIDs(after id: String?, limit: Int) async throws -> [String] {
        self.tables.withLock { tables in
            let ids = tables.sortedIDs ?? tables.customers.keys.sorted(by: Self.precedes)
            tables.sortedIDs = ids
            guard let id else { return Array(ids.prefix(max(0, limit))) }
            var low = 0
            var high = ids.count
            while low < high {
                let middle = (low + high) / 2
                if Self.precedes(id, ids[middle]) { high = middle } else { low = middle + 1 }
            }
            return Array(ids[low...].prefix(max(0, limit)))
        }
    }

    /// Returns the number of customers.
    public func customerCount() async throws -> Int { self.tables.withLock { $0.customers.count } }

    /// Adds customers, or replaces the features of those that exist.
    ///
    /// - Throws: `dataRefused` where a customer has another number of features than the domain, or an id that is not in
    ///   Unicode normal form C; nothing is imported.
    public func importCustomers(_ customers: [CustomerState]) async throws -> Int {
        try CustomerState.requireNormalForm(customers)
        guard customers.allSatisfy({ $0.features.count == self.domain.schema.count }) else {
            throw ChurnError(
                .dataRefused, .reject, during: "import customers",
                advice: "a customer has another number of features than the domain")
        }
        await self.writers.enter()
        defer { self.writers.leave() }
        return self.tables.withLock { tables in
            var added = 0
            for customer in customers {
                if tables.customers[customer.id] == nil {
                    tables.customers[customer.id] = InMemoryTables.Customer(
                        state: CustomerState(
                            id: customer.id, features: customer.features, leftAt: customer.leftAt))
                    added += 1
                } else {
                    tables.customers[customer.id]?.state.features = customer.features
                    tables.customers[customer.id]?.state.version += 1
                    let left = tables.customers[customer.id]?.state.leftAt
                    tables.customers[customer.id]?.state.leftAt = left ?? customer.leftAt
                }
            }
            if added > 0 { tables.sortedIDs = nil }
            self.onChange?(.imported(customers))
            return added
        }
    }

    /// Changes features of a customer as another program would that shares the table: the version rises.
    ///
    /// - Returns: whether there is such a customer.
    @discardableResult
    public func updateFeatures(of id: String, _ changes: [FeatureChange]) async -> Bool {
        await self.writers.enter()
        defer { self.writers.leave() }
        return self.tables.withLock { tables in
            guard tables.customer(id) != nil else { return false }
            for change in changes where self.domain.schema.features.indices.contains(change.feature) {
                tables.customers[id]?.state.features[change.feature] = change.value
            }
            self.onChange?(.update(customer: id, changes))
            if !Mutant.triggerIgnored.isActive { tables.customers[id]?.state.version += 1 }
            return true
        }
    }

    /// By bytes, as the contract says; Swift's own order of strings is another.
    private static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}
