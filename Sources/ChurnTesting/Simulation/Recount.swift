import ChurnCore
import ChurnMemory

/// Says what the tables of a simulation must hold, and where they do not.
///
/// It reads the records that were produced, the order in which the store says that things were written, and the tables
/// at the end, and shares no code with what it checks.
struct Recount: Sendable {
    let world: SimulatedWorld

    /// The counts that the recount gathers while it goes through the history.
    struct Counts {
        var oracle: TelcoOracle
        /// Events that were reported as repeats of one that was accepted.
        var repeats = 0
        var violations: [SimulationViolation] = []
        /// The numbers written about each offset of the log.
        var written: [Int32: [Int64]] = [:]
        /// The offsets with a score, by stream and partition.
        var scored: [StreamPartition: [Int64]] = [:]
        var eventIDs: Set<Int64> = []
        /// The number of times that each dead letter was applied.
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
        var counts = Counts(oracle: TelcoOracle(names: Domain.telco.schema.features.map(\.name)))
        for letter in letters { counts.letters[letter.id] = self.record(at: letter.rejection.record.position, records) }
        for change in self.world.changes.all {
            switch change {
            case .imported(let customers): for customer in customers { counts.oracle.add(customer) }
            case .update(let customer, let changes): counts.oracle.update(customer, changes)
            case .batch(let batch):
                report.batches += 1
                self.go(through: batch, records, &counts)
            }
        }
        self.checkCoverage(records, &counts)
        self.checkLetters(letters, records, &counts)
        await self.checkCustomers(&counts)
        await self.checkPositions(records, &counts)
        await self.checkUpdates(&counts)
        if self.world.scenario.isKeyed, !self.world.scenario.hasForeignUpdates {
            self.checkUndisturbed(records, &counts)
        }
        // Without another writer only an event that comes again under its id makes a batch conflict.
        if self.isAlone, report.lockedWrites > counts.repeats {
            counts.fail(
                .conflicts,
                "a pipeline that is alone folded \(report.lockedWrites) batches again, for \(counts.repeats) repeats")
        }
        report.violations += counts.violations
        report.digest = counts.digest
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
    private func go(through batch: ScoredBatch, _ records: [Int32: [SimulatedRecord]], _ counts: inout Counts) {
        for range in batch.ranges {
            let end = counts.ends[range.partition] ?? 0
            if range.from != end {
                counts.fail(
                    .order, "partition \(range.partition.partition): [\(range.from), \(range.to)) follows \(end)")
            }
            counts.ends[range.partition] = range.to
        }
        var last: [StreamPartition: Int64] = [:]
        for scored in batch.events {
            let position = scored.event.position
            if let before = last[position.partition], before >= position.offset {
                counts.fail(.order, "offset \(position.offset) follows \(before) in one batch")
            }
            last[position.partition] = position.offset
            if !counts.eventIDs.insert(scored.eventID).inserted {
                counts.fail(.coverage, "two events have the number \(scored.eventID)")
            }
            self.take(scored, records, &counts)
        }
        for rejection in batch.rejections {
            let position = rejection.record.position
            guard position.partition.stream.name == self.world.log.name else { continue }
            counts.written[position.partition.partition, default: []].append(position.offset)
            let expected = self.record(at: position, records)?.rejection
            if rejection.code != expected {
                counts.fail(
                    .deadLetters,
                    "offset \(position.offset) of partition \(position.partition.partition) was rejected as "
                        + "\(rejection.code.rawValue), expected \(expected?.rawValue ?? "an event")")
            }
        }
    }

    private func take(_ scored: ScoredEvent, _ records: [Int32: [SimulatedRecord]], _ counts: inout Counts) {
        let position = scored.event.position
        let record: SimulatedRecord?
        if let id = scored.event.deadLetterID {
            record = counts.letters[id]
            if scored.prediction != nil { counts.applied[id, default: 0] += 1 }
        } else {
            counts.written[position.partition.partition, default: []].append(position.offset)
            record = self.record(at: position, records)
            if let record, record.rejection != nil {
                counts.fail(.deadLetters, "offset \(position.offset) was scored, expected a rejection")
            }
        }
        guard let record, record.isEvent else {
            return counts.fail(.coverage, "offset \(position.offset) was written as an event and is none")
        }
        counts.mix(UInt64(bitPattern: position.offset) ^ UInt64(bitPattern: Int64(position.partition.partition)) << 32)
        let isDuplicate = counts.oracle.isDuplicate(record)
        guard let prediction = scored.prediction else {
            counts.repeats += 1
            if !isDuplicate { counts.fail(.scores, "offset \(position.offset) was taken for a duplicate and is none") }
            return
        }
        if isDuplicate { counts.fail(.scores, "offset \(position.offset) is a duplicate and was scored") }
        counts.scored[position.partition, default: []].append(position.offset)
        counts.probabilities[position] = (prediction.probability, prediction.stateVersion)
        counts.mix(prediction.probability.bitPattern)
        guard let expected = counts.oracle.take(record) else {
            return counts.fail(.scores, "offset \(position.offset) is of a customer that does not exist")
        }
        if prediction.probability.bitPattern != expected.probability.bitPattern
            || prediction.stateVersion != expected.version || prediction.customerID != record.customer
        {
            counts.fail(
                .scores,
                "offset \(position.offset) of partition \(position.partition.partition): score "
                    + "\(prediction.probability) at version \(prediction.stateVersion), expected "
                    + "\(expected.probability) at version \(expected.version)")
        }
    }
}
