public import ChurnCore

extension PostgresStore {
    /// This many customers are read at once.
    private static let chunk = 5_000

    /// Reads all labels of a table as they stand there, with the ids of their customers.
    public func labels(in table: LabelTable) async throws -> [(id: String, text: String?)] {
        return try await self.pool.withConnection("read customers' labels") { connection in
            let rows = try connection.run(table.statement)
            return (0..<rows.rowCount).map { (rows.text($0, 0), rows.optional($0, 1, rows.text)) }
        }
    }

    /// Reads the features of all customers in the order of their ids, with the outcomes of those that have a label.
    ///
    /// - Returns: the customers with a label, and how many have none.
    public func labelledCustomers(
        _ churned: [CustomerKey: Bool]
    ) async throws -> (customers: [LabelledCustomer], unlabelled: Int) {
        var found: [LabelledCustomer] = []
        var (last, total): (String?, Int) = (nil, 0)
        while true {
            let ids = try await self.customerIDs(after: last, limit: Self.chunk)
            guard let newest = ids.last else { return (found, total - found.count) }
            let customers = try await self.states(inOrderOf: ids).compactMap(\.self)
            found += customers.compactMap { customer in
                churned[CustomerKey(customer.id)].map { LabelledCustomer(customer: customer, hasChurned: $0) }
            }
            total += customers.count
            last = newest
        }
    }
}
