public import ChurnCore

/// Keeps the deliveries that webhooks are due, and what became of them.
///
/// Several nodes work on one log. Each update is taken up by one of them, and each delivery is tried by one at a time.
public protocol DeliveryLog: Sendable {
    /// Returns the cursor up to which updates were taken up for a webhook; nil before the first time.
    func deliveryCursor(of webhook: String) async throws -> UpdateCursor?

    /// Adds deliveries and moves the webhook's cursor, both or neither; returns whether it did.
    ///
    /// Does nothing where the cursor is not `from` any more: another node was faster. A delivery for an event that has
    /// one already is left out.
    func addDeliveries(
        _ deliveries: [NewDelivery], to webhook: String, from: UpdateCursor?, to: UpdateCursor
    ) async throws -> Bool

    /// Takes pending deliveries that are due, the longest due first; no one else gets them before `lease` is over.
    ///
    /// A node that dies says nothing about its claims: they are due again after the lease.
    func claimDeliveries(of webhook: String, limit: Int, lease: Duration) async throws -> [ClaimedDelivery]

    /// Records the result of a claim; does nothing and returns false where the claim ran out and another
    /// has taken the delivery since.
    @discardableResult
    func finish(_ claim: ClaimedDelivery, with result: DeliveryResult) async throws -> Bool

    /// The log, newest first: lines with numbers below `id`, nil for the newest; of one webhook, and of one status,
    /// where they are given.
    func deliveries(
        of webhook: String?, status: Delivery.Status?, before id: Int64?, limit: Int
    ) async throws -> [Delivery]
}
