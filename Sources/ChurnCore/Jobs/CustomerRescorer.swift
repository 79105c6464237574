/// Scores every customer once, without events: after an import, or after a new model.
///
/// Customers whose state moves meanwhile are skipped, since their own event scores them. No alert goes out. Each page
/// is one write of a stream of its own, so that two runs at a time cannot both count.
public struct CustomerRescorer: Sendable {
    /// The stream's name in positions.
    public static let streamName = StreamName(cluster: "local", topic: "rescore")

    private let directory: any CustomerDirectory
    private let store: any TransactionalStore
    private let lineup: ModelLineup
    private let domain: Domain
    private let pageSize: Int

    /// Creates a rescorer.
    public init(
        directory: any CustomerDirectory, store: any TransactionalStore, models lineup: ModelLineup, domain: Domain,
        pageSize: Int = 1_000
    ) {
        self.directory = directory
        self.store = store
        self.lineup = lineup
        self.domain = domain
        self.pageSize = max(1, pageSize)
    }

    /// Scores everyone.
    ///
    /// - Parameters:
    ///   - time: the time that the scores carry.
    ///   - progress: is told how many customers were looked at so far.
    /// - Returns: how many customers were looked at.
    /// - Throws: `fatal` when another run is under way; what the store and the predictor throw.
    public func run(at time: Timestamp, progress: @Sendable (Int) -> Void = { _ in }) async throws -> Int {
        let positions = try await self.store.positions(of: Self.streamName, partitions: [0])
        let partition = StreamPartition(stream: positions.stream, partition: 0)
        var offset = positions.stored[0]?.nextOffset ?? 0
        var lastID: String?
        var count = 0
        while true {
            let ids = try await self.directory.customerIDs(after: lastID, limit: self.pageSize)
            guard let last = ids.last else { return count }
            let next = offset + Int64(ids.count)
            var batch = ScoredBatch(ranges: [OffsetRange(partition: partition, from: offset, to: next)])
            batch.rescores = try await self.rescores(ids, time)
            guard case .written = try await self.store.write(batch) else {
                throw ChurnError(
                    .internalError, .fatal, during: "score every customer",
                    advice: "another run is under way; wait until it has ended")
            }
            (offset, lastID) = (next, last)
            count += ids.count
            progress(count)
        }
    }

    private func rescores(_ ids: [String], _ time: Timestamp) async throws -> [Rescore] {
        // Another program may have written ids that no event can name.
        let ids = ids.filter(\.isInNormalForm)
        let states = try await self.store.states(for: ids)
        let known = ids.compactMap { states[$0] }
        guard !known.isEmpty else { return [] }
        let scores = try await self.lineup.scores(
            of: known.map { (customerID: $0.id, features: $0.features) }, fallback: { _ in })
        let firstID = try await self.store.reserveEventIDs(known.count)
        return zip(known, scores).enumerated().map { index, scored in
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
    }
}
