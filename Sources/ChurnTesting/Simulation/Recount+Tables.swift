import ChurnCore
import ChurnMemory

extension Recount {
    /// Every offset of the log was written once, in order.
    func checkCoverage(_ records: [Int32: [SimulatedRecord]], _ tally: inout Tally) {
        for (partition, produced) in records {
            let written = tally.written[partition] ?? []
            let expected = Array(0..<Int64(produced.count))
            if written.sorted() != expected {
                let counts = Dictionary(written.map { ($0, 1) }, uniquingKeysWith: +)
                let lost = expected.filter { counts[$0] == nil }
                let repeated = counts.filter { $0.value > 1 }.keys.sorted()
                tally.fail(.coverage, "partition \(partition): lost \(lost), more than once \(repeated)")
            }
        }
    }

    /// Each bad record is a dead letter, each mended one was applied once, and nothing else was.
    func checkLetters(
        _ letters: [DeadLetter], _ records: [Int32: [SimulatedRecord]], _ tally: inout Tally
    ) {
        let rejected = records.values.reduce(0) { $0 + $1.count { $0.rejection != nil } }
        if letters.count != rejected {
            tally.fail(.deadLetters, "there are \(letters.count) dead letters, expected \(rejected)")
        }
        for letter in letters {
            guard let record = self.record(at: letter.rejection.record.position, records) else {
                tally.fail(.deadLetters, "dead letter \(letter.id) is of no record")
                continue
            }
            if letter.rejection.record.value != record.value || letter.rejection.record.key != record.key {
                tally.fail(.deadLetters, "dead letter \(letter.id) has other bytes than its record")
            }
            if letter.rejection.reason.isEmpty { tally.fail(.deadLetters, "dead letter \(letter.id) has no reason") }
            let expected: DeadLetter.Status = record.isEvent ? .done : .open
            if letter.status != expected {
                tally.fail(.deadLetters, "dead letter \(letter.id) is \(letter.status), expected \(expected)")
            }
            let times = tally.applied[letter.id] ?? 0
            if times != (record.isEvent ? 1 : 0) {
                tally.fail(.deadLetters, "dead letter \(letter.id) was applied \(times) times")
            }
        }
    }

    /// The customers' rows are what their events made of them.
    func checkCustomers(_ tally: inout Tally) async {
        let states = (try? await self.world.store.states(for: Array(tally.ledger.customers.keys))) ?? [:]
        for (id, expected) in tally.ledger.customers {
            guard let state = states[id] else {
                tally.fail(.customers, "customer \(id) is gone")
                continue
            }
            if state.features != tally.ledger.row(of: id) {
                tally.fail(
                    .customers,
                    "customer \(id) has the features \(state.features), expected \(tally.ledger.row(of: id))")
            }
            if state.version != expected.version {
                tally.fail(.customers, "customer \(id) is at version \(state.version), expected \(expected.version)")
            }
            if state.latest?.probability != expected.probability || state.alert.isAtRisk != expected.isAtRisk {
                tally.fail(.customers, "customer \(id) has another score or alert state than its last event led to")
            }
        }
    }

    /// The stored positions stand at the ends of the partitions and know the last updates.
    func checkPositions(_ records: [Int32: [SimulatedRecord]], _ tally: inout Tally) async {
        let partitions = Array(0..<self.world.scenario.partitions)
        guard let found = try? await self.world.store.positions(of: self.world.log.name, partitions: partitions) else {
            return tally.fail(.positions, "the positions cannot be read")
        }
        for partition in partitions {
            guard let produced = records[partition] else { continue }
            let key = StreamPartition(stream: found.stream, partition: partition)
            let expected = StoredPosition(
                nextOffset: Int64(produced.count), lastUpdate: tally.scored[key]?.last)
            if found.stored[partition] != expected {
                tally.fail(
                    .positions,
                    "partition \(partition) stands at \(String(describing: found.stored[partition])), "
                        + "expected \(expected)")
            }
        }
    }

    /// A reader gets each scored event's update once, and what was broadcast is in the log.
    func checkUpdates(_ tally: inout Tally) async {
        var reader = UpdateReader()
        var logged: [StreamPartition: Set<UpdateBlock>] = [:]
        var random = SeededRandom(seed: self.world.seed, stream: 5)
        while let page = try? await self.world.store.updates(
            after: reader.cursor, limit: 1 + random.index(below: 9)), !page.blocks.isEmpty
        {
            for fault in reader.read(page) { tally.fail(.updates, fault) }
            for block in page.blocks { logged[block.partition, default: []].insert(block) }
        }
        for partition in Set(reader.numbers.keys).union(tally.scored.keys) {
            let (numbers, expected) = (reader.numbers[partition] ?? [], tally.scored[partition] ?? [])
            if numbers != expected {
                tally.fail(
                    .updates, "a reader got \(numbers) of partition \(partition.partition), expected \(expected)")
            }
        }
        for block in self.world.published.withLock({ $0 }) where logged[block.partition]?.contains(block) != true {
            tally.fail(.broadcasts, "updates \(block.numbers) were broadcast and are not in the log")
        }
    }

    /// Keyed input leads to the same scores and versions as if nothing had ever gone wrong.
    func checkUndisturbed(_ records: [Int32: [SimulatedRecord]], _ tally: inout Tally) {
        var ledger = TelcoLedger(names: Domain.telco.schema.features.map(\.name))
        for customer in self.world.customers { ledger.add(customer) }
        let stream = StreamIdentity(name: self.world.log.name)
        for (number, produced) in records {
            let partition = StreamPartition(stream: stream, partition: number)
            for record in produced where record.rejection == nil && !ledger.isDuplicate(record) {
                let expected = ledger.take(record)
                let found = tally.probabilities[StreamPosition(partition: partition, offset: record.offset)]
                if found?.probability.bitPattern != expected?.probability.bitPattern
                    || found?.version != expected?.version
                {
                    tally.fail(
                        .scores, "offset \(record.offset) of partition \(number) differs from an undisturbed run")
                }
            }
        }
    }
}
