import ChurnCore
import ChurnMemory

/// Says what the tables of a simulation must hold, and where they do not.
///
/// It reads the records that were produced, the order in which the store says that things were written, and the tables
/// at the end, and shares no code with what it checks.
struct Recount: Sendable {
    let world: SimulatedWorld

    /// What the recount gathers while it goes through the history.
    struct Tally {
        var ledger: TelcoLedger
        /// Events that were told as repeats of one that was accepted.
        var repeats = 0
        var violations: [SimulationViolation] = []
        /// What was written about each offset of the log.
        var written: [Int32: [Int64]] = [:]
        /// The offsets with a score, by stream and partition.
        var scored: [StreamPartition: [Int64]] = [:]
        var eventIDs: Set<Int64> = []
        /// How often each dead letter was applied.
        var applied: [Int64: Int] = [:]
        var ends: [StreamPartition: Int64] = [:]
        var letters: [Int64: SimulatedRecord] = [:]
        var probabilities: [StreamPosition: (probability: Double, version: Int64)] = [:]
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func fail(_ check: SimulationViolation.Check, _ message: String) {
            self.violations.append(SimulationViolation(check: check, message: message))
        }

        mutating func mix(_ value: UInt64) { self.digest = (self.digest ^ value) &* 0x0000_0100_0000_01B3 }
    }

    /// Checks everything and adds what is wrong to the report.
    func check(_ report: inout SimulationReport) async {
        let records = self.world.records.withLock { $0 }
        let letters = (try? await self.world.store.deadLetters(after: 0, status: nil, limit: .max)) ?? []
        var tally = Tally(ledger: TelcoLedger(names: Domain.telco.schema.features.map(\.name)))
        for letter in letters { tally.letters[letter.id] = self.record(at: letter.rejection.record.position, records) }
        for change in self.world.changes.all {
            switch change {
            case .imported(let customers): for customer in customers { tally.ledger.add(customer) }
            case .update(let customer, let changes): tally.ledger.update(customer, changes)
            case .batch(let batch):
                report.batches += 1
                self.go(through: batch, records, &tally)
            }
        }
        self.checkCoverage(records, &tally)
        self.checkLetters(letters, records, &tally)
        await self.checkCustomers(&tally)
        await self.checkPositions(records, &tally)
        await self.checkUpdates(&tally)
        if self.world.scenario.isKeyed, !self.world.scenario.hasForeignUpdates {
            self.checkUndisturbed(records, &tally)
        }
        // Without another writer only an event that comes again under its id makes a batch conflict.
        if self.isAlone, report.lockedWrites > tally.repeats {
            tally.fail(
                .conflicts,
                "a pipeline that is alone folded \(report.lockedWrites) batches again, for \(tally.repeats) repeats")
        }
        report.violations += tally.violations
        report.digest = tally.digest
    }

    private var isAlone: Bool {
        let scenario = self.world.scenario
        return scenario.processes == 1 && scenario.faultRate == 0 && scenario.plan.onlyDelays && !scenario.hasDisasters
            && !scenario.hasForeignUpdates && !scenario.hasBadRecords
    }

    func record(at position: StreamPosition, _ records: [Int32: [SimulatedRecord]]) -> SimulatedRecord? {
        guard position.partition.stream.name == self.world.log.name,
            let partition = records[position.partition.partition], partition.indices.contains(Int(position.offset))
        else { return nil }
        return partition[Int(position.offset)]
    }

    /// Takes up what one transaction wrote.
    private func go(through batch: ScoredBatch, _ records: [Int32: [SimulatedRecord]], _ tally: inout Tally) {
        for range in batch.ranges {
            let end = tally.ends[range.partition] ?? 0
            if range.from != end {
                tally.fail(
                    .order, "partition \(range.partition.partition): [\(range.from), \(range.to)) follows \(end)")
            }
            tally.ends[range.partition] = range.to
        }
        var last: [StreamPartition: Int64] = [:]
        for scored in batch.events {
            let position = scored.event.position
            if let before = last[position.partition], before >= position.offset {
                tally.fail(.order, "offset \(position.offset) follows \(before) in one batch")
            }
            last[position.partition] = position.offset
            if !tally.eventIDs.insert(scored.eventID).inserted {
                tally.fail(.coverage, "two events have the number \(scored.eventID)")
            }
            self.take(scored, records, &tally)
        }
        for rejection in batch.rejections {
            let position = rejection.record.position
            guard position.partition.stream.name == self.world.log.name else { continue }
            tally.written[position.partition.partition, default: []].append(position.offset)
            let expected = self.record(at: position, records)?.rejection
            if rejection.code != expected {
                tally.fail(
                    .deadLetters,
                    "offset \(position.offset) of partition \(position.partition.partition) was rejected as "
                        + "\(rejection.code.rawValue), expected \(expected?.rawValue ?? "an event")")
            }
        }
    }

    private func take(_ scored: ScoredEvent, _ records: [Int32: [SimulatedRecord]], _ tally: inout Tally) {
        let position = scored.event.position
        let record: SimulatedRecord?
        if let id = scored.event.deadLetterID {
            record = tally.letters[id]
            if scored.prediction != nil { tally.applied[id, default: 0] += 1 }
        } else {
            tally.written[position.partition.partition, default: []].append(position.offset)
            record = self.record(at: position, records)
            if let record, record.rejection != nil {
                tally.fail(.deadLetters, "offset \(position.offset) was scored, expected a rejection")
            }
        }
        guard let record, record.isEvent else {
            return tally.fail(.coverage, "offset \(position.offset) was written as an event and is none")
        }
        tally.mix(UInt64(bitPattern: position.offset) ^ UInt64(bitPattern: Int64(position.partition.partition)) << 32)
        let isDuplicate = tally.ledger.isDuplicate(record)
        guard let prediction = scored.prediction else {
            tally.repeats += 1
            if !isDuplicate { tally.fail(.scores, "offset \(position.offset) was taken for a duplicate and is none") }
            return
        }
        if isDuplicate { tally.fail(.scores, "offset \(position.offset) is a duplicate and was scored") }
        tally.scored[position.partition, default: []].append(position.offset)
        tally.probabilities[position] = (prediction.probability, prediction.stateVersion)
        tally.mix(prediction.probability.bitPattern)
        guard let expected = tally.ledger.take(record) else {
            return tally.fail(.scores, "offset \(position.offset) is of a customer that does not exist")
        }
        if prediction.probability.bitPattern != expected.probability.bitPattern
            || prediction.stateVersion != expected.version || prediction.customerID != record.customer
        {
            tally.fail(
                .scores,
                "offset \(position.offset) of partition \(position.partition.partition): score "
                    + "\(prediction.probability) at version \(prediction.stateVersion), expected "
                    + "\(expected.probability) at version \(expected.version)")
        }
    }
}
