import ChurnCore

extension PostgresStore {
    /// So many customers are read at once.
    private static let chunk = 5_000

    /// Reads all labels of a table, which look as the domain says.
    public func labels(in table: LabelTable, domain: Domain) async throws -> CustomerLabels {
        return try await self.pool.withConnection("read customers' labels") { connection in
            let rows = try connection.run(table.statement)
            var labels = CustomerLabels(domain: domain)
            for row in 0..<rows.rowCount {
                try labels.add(rows.optional(row, 1, rows.text), of: rows.text(row, 0), at: "table \(table.name)")
            }
            return labels
        }
    }

    /// Reads the features of all customers in the order of their ids, with what became of those that have a label.
    ///
    /// - Returns: the customers with a label, and how many have none.
    public func labelledCustomers(
        _ labels: CustomerLabels
    ) async throws -> (customers: [LabelledCustomer], unlabelled: Int) {
        var found: [LabelledCustomer] = []
        var (last, total): (String?, Int) = (nil, 0)
        while true {
            let ids = try await self.customerIDs(after: last, limit: Self.chunk)
            guard let newest = ids.last else { return (found, total - found.count) }
            let customers = try await self.states(inOrderOf: ids).compactMap(\.self)
            found += labels.labelled(customers)
            total += customers.count
            last = newest
        }
    }
}
