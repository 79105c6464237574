import ChurnCore
import ChurnInsight

/// All that an in-memory store holds: a value whose changes are made under the store's lock.
struct InMemoryTables: Sendable {
    /// A customer's row with the newest of what happened to it, oldest first.
    struct Customer {
        var state: CustomerState
        var events: [RecentEvent] = []
        /// Scores without an event.
        var scores: [TimelineEntry] = []
        var interventions: [Intervention] = []
        /// The scores of models, for outcomes that come later; oldest first.
        var given: [GivenScore] = []
    }

    /// The progress in the current life of a stream.
    struct Progress {
        var epoch: Int32 = 0
        var stored: [Int32: StoredPosition] = [:]
        /// The number of partitions at first.
        var partitionCount: Int?

        /// Returns the known positions of these partitions.
        func positions(of stream: StreamName, partitions: some Sequence<Int32>) -> StreamPositions {
            let asked = Set(partitions)
            return StreamPositions(
                stream: StreamIdentity(name: stream, epoch: self.epoch),
                stored: self.stored.filter { asked.contains($0.key) }, partitionCount: self.partitionCount)
        }
    }

    var customers: [String: Customer] = [:]
    /// The holder of the turn on changing customers, and its end.
    var turn: (holder: String, end: Timestamp)?
    /// The ids in order; nil after a customer was added.
    var sortedIDs: [String]?
    var progress: [StreamName: Progress] = [:]
    var sourceEvents: InMemorySourceEvents
    var updates: InMemoryUpdateHistory
    /// A dead letter's id is its index and one.
    var deadLetters: [DeadLetter] = []
    var nextEventID: Int64 = 1
    var newestEvents: NewestEvents
    var newestAlerts: NewestEvents
    var hourly = HourlyScores()
    /// Oldest first.
    var snapshots: [RiskSnapshot] = []
    var importances: [FeatureImportance] = []
    /// The importances of each model by segment, nil for all customers.
    var summaries: [String: [String?: [FeatureImportance]]] = [:]
    /// The model that was summed up last.
    var importanceModel: String?
    var nextIntervention: Int64 = 1
    var writeKeys = InMemoryWriteKeys()
    var cases: InMemoryCases
    var deliveries = InMemoryDeliveries()
    var modelRecords = InMemoryModelRecords()
    /// Oldest first.
    var drift: [DriftEpisode] = []
    /// Oldest first.
    var rescores: [ClaimedRescore] = []
    let bands: RiskBands
    /// The features' columns.
    let columns: [String]
    var alertReasons = AlertReasons()
    let eventsPerCustomer: Int

    init(_ configuration: InMemoryStore.Configuration, domain: Domain) {
        self.cases = InMemoryCases(kept: configuration.casesKept)
        self.bands = domain.bands
        self.columns = domain.schema.features.map(\.column)
        self.sourceEvents = InMemorySourceEvents(
            window: configuration.deduplicationWindow, kept: configuration.sourceEventsKept)
        self.updates = InMemoryUpdateHistory(
            blocksKept: configuration.updateBlocksKept, bytesKept: configuration.updateBytesKept)
        self.newestEvents = NewestEvents(kept: configuration.eventsKept)
        self.newestAlerts = NewestEvents(kept: configuration.eventsKept)
        self.eventsPerCustomer = max(0, configuration.eventsPerCustomer)
    }

    /// Returns the ranges that do not begin at their partition's position; nil where all do.
    func fence(_ ranges: [OffsetRange]) -> WriteOutcome? {
        if Mutant.noFence.isActive { return nil }
        var fenced: [StreamPartition: StoredPosition?] = [:]
        for range in ranges {
            guard self.isCurrent(range.partition.stream) else {
                fenced.updateValue(nil, forKey: range.partition)
                continue
            }
            guard let stored = self.stored(range.partition) else { continue }
            let isRefused =
                Mutant.fenceOnlyFromBelow.isActive
                ? range.from < stored.nextOffset : range.from != stored.nextOffset
            if isRefused { fenced.updateValue(stored, forKey: range.partition) }
        }
        return fenced.isEmpty ? nil : .fenced(fenced)
    }

    /// Returns the partitions whose updates do not follow the last one, or apply a dead letter again; nil where none
    /// does.
    func fenceContents(of batch: ScoredBatch) -> WriteOutcome? {
        if Mutant.noFence.isActive || Mutant.fenceOnlyFromBelow.isActive { return nil }
        var fenced: [StreamPartition: StoredPosition?] = [:]
        for block in batch.updates where block.previous != self.stored(block.partition)?.lastUpdate {
            fenced.updateValue(self.stored(block.partition), forKey: block.partition)
        }
        for scored in batch.events {
            guard let id = scored.event.deadLetterID, let index = self.index(ofDeadLetter: id),
                self.deadLetters[index].status == .done
            else { continue }
            let partition = scored.event.position.partition
            fenced.updateValue(self.stored(partition), forKey: partition)
        }
        return fenced.isEmpty ? nil : .fenced(fenced)
    }

    private func isCurrent(_ stream: StreamIdentity) -> Bool {
        (self.progress[stream.name]?.epoch ?? 0) == stream.epoch
    }

    private func stored(_ partition: StreamPartition) -> StoredPosition? {
        self.progress[partition.stream.name]?.stored[partition.partition]
    }

    /// Returns whether another writer moved a customer of the batch or accepted one of its source events.
    func isConflicted(_ batch: ScoredBatch, now: Timestamp) -> Bool {
        if !Mutant.noVersionCheck.isActive {
            for change in batch.changes {
                guard self.customers[change.state.id]?.state.version == change.readVersion else { return true }
            }
        }
        return batch.events.contains { scored in
            guard let key = scored.acceptedKey else { return false }
            return self.sourceEvents.contains(key, now: now)
        }
    }
}
