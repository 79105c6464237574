public import ChurnCore

/// Scores every customer once, without events: after an import, or after a new model.
///
/// Customers whose state moves meanwhile are skipped, since their own event scores them. No alert goes out. Each page
/// is one write of a stream of its own, so that two runs at a time cannot both count. A page that fails, or meets
/// another writer, is read, scored and written again.
public struct CustomerRescorer: Sendable {
    /// The stream's name in positions.
    public static let streamName = StreamName(cluster: "local", topic: "rescore")

    private let directory: any CustomerDirectory
    private let store: any TransactionalStore
    private let lineup: ModelLineup
    private let domain: Domain
    private let pageSize: Int
    private let retry: JobRetry

    /// Creates a rescorer.
    public init(
        directory: any CustomerDirectory, store: any TransactionalStore, models lineup: ModelLineup, domain: Domain,
        pageSize: Int = 1_000
    ) {
        self.init(
            directory: directory, store: store, models: lineup, domain: domain, pageSize: pageSize, retry: JobRetry())
    }

    package init(
        directory: any CustomerDirectory, store: any TransactionalStore, models lineup: ModelLineup, domain: Domain,
        pageSize: Int = 1_000, retry: JobRetry
    ) {
        self.directory = directory
        self.store = store
        self.lineup = lineup
        self.domain = domain
        self.pageSize = max(1, pageSize)
        self.retry = retry
    }

    /// Scores everyone.
    ///
    /// - Parameters:
    ///   - time: the time that the scores carry.
    ///   - progress: is called with the number of customers processed so far.
    ///   - skipped: is called with the number of customers of a page that have a number which no model can read.
    /// - Returns: how many customers were looked at.
    /// - Throws: `fatal` when another run is under way; what the store and the predictor throw.
    public func run(
        at time: Timestamp, progress: @Sendable (Int) -> Void = { _ in }, skipped: @Sendable (Int) -> Void = { _ in }
    ) async throws -> Int {
        let count = Locked(0)
        try await self.run(at: time, after: nil, skipped: skipped) { _, size in
            progress(
                count.withLock { count in
                    count += size
                    return count
                })
            return true
        }
        return count.withLock { $0 }
    }

    /// Scores everyone behind a customer, page by page.
    ///
    /// - Parameters:
    ///   - skipped: is called with the number of customers of a page that have a number which no model can read.
    ///   - page: is called once a page is durable, with the last customer's id and how many it had; returns whether to
    ///     go on.
    package func run(
        at time: Timestamp, after id: String?, skipped: @Sendable (Int) -> Void = { _ in },
        page: @Sendable (String, Int) async throws -> Bool
    ) async throws {
        let position = try await self.retry.run { try await self.store.ownPosition(of: Self.streamName) }
        let partition = position.partition
        var offset = position.offset
        var lastID = id
        while true {
            let after = lastID
            let ids = try await self.retry.run {
                try await self.directory.customerIDs(after: after, limit: self.pageSize)
            }
            guard let last = ids.last else { return }
            let range = OffsetRange(partition: partition, from: offset, to: offset + Int64(ids.count))
            let unread = try await self.write(ids, time, as: range)
            if unread > 0 { skipped(unread) }
            (offset, lastID) = (range.to, last)
            guard try await page(last, ids.count) else { return }
        }
    }

    /// Scores and writes a page until it is durable; returns how many of its customers no model can read.
    private func write(_ ids: [String], _ time: Timestamp, as range: OffsetRange) async throws -> Int {
        let isUnsure = StopFlag()
        let (outcome, unread) = try await self.retry.run {
            var page = ScoredBatch(ranges: [range])
            let (rescores, unread) = try await self.rescores(ids, time)
            page.rescores = rescores
            do {
                let outcome = try await self.store.write(page)
                if case .conflicted = outcome { throw Self.conflict }
                return (outcome, unread)
            } catch let error as ChurnError where error.code == .commitOutcomeUnknown {
                isUnsure.set()
                throw error
            }
        }
        if case .fenced(let stored) = outcome {
            // Where an answer to COMMIT was lost, the page that stands there is this one.
            guard isUnsure.isSet, stored[range.partition]??.nextOffset == range.to else { throw Self.otherRun }
        }
        return unread
    }

    private static let conflict = ChurnError(.storeUnavailable, .retry, during: "score every customer")
    private static let otherRun = ChurnError(
        .internalError, .fatal, during: "score every customer",
        advice: "another run is under way; wait until it has ended")

    private func rescores(
        _ ids: [String], _ time: Timestamp
    ) async throws -> (rescores: [Rescore], unread: Int) {
        // Another program may have written ids that no event can name.
        let ids = ids.filter(\.isInNormalForm)
        let states = try await self.store.states(for: ids)
        // Who has left is not to be scored any more.
        let all = ids.compactMap { states[$0] }.filter { !$0.hasLeft(at: time) }
        // One number that no model can read must not stop the others.
        let known = all.filter { $0.features.allSatisfy(\.isUsable) }
        let unread = all.count - known.count
        guard !known.isEmpty else { return ([], unread) }
        let scores = try await self.lineup.scores(
            of: known.map { (customerID: $0.id, features: $0.features) }, fallback: { _ in })
        let firstID = try await self.store.reserveEventIDs(known.count)
        let rescores = zip(known, scores).enumerated().map { index, scored in
            let (state, score) = scored
            return Rescore(
                eventID: firstID + Int64(index),
                prediction: Prediction(
                    customerID: state.id, probability: score.probability,
                    band: self.domain.bands.band(of: score.probability), model: score.model,
                    stateVersion: state.version,
                    alert: AlertDecision(isAlert: false, becameAtRisk: false)),
                time: time)
        }
        return (rescores, unread)
    }
}
