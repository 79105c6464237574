import ChurnCore
import ChurnMemory

extension Recount {
    /// Every offset of the log was written once, in order.
    func checkCoverage(_ records: [Int32: [SimulatedRecord]], _ counted: inout Counts) {
        for (partition, produced) in records {
            let written = counted.written[partition] ?? []
            let expected = Array(0..<Int64(produced.count))
            if written.sorted() != expected {
                let counts = Dictionary(written.map { ($0, 1) }, uniquingKeysWith: +)
                let lost = expected.filter { counts[$0] == nil }
                let repeated = counts.filter { $0.value > 1 }.keys.sorted()
                counted.fail(.coverage, "partition \(partition): lost \(lost), more than once \(repeated)")
            }
        }
    }

    /// Each bad record is a dead letter, each fixed one was applied once, and nothing else was.
    func checkLetters(
        _ letters: [DeadLetter], _ records: [Int32: [SimulatedRecord]], _ counted: inout Counts
    ) {
        let rejected = records.values.reduce(0) { $0 + $1.count { $0.rejection != nil } }
        if letters.count != rejected {
            counted.fail(.deadLetters, "there are \(letters.count) dead letters, expected \(rejected)")
        }
        for letter in letters {
            guard let record = self.record(at: letter.rejection.record.position, records) else {
                counted.fail(.deadLetters, "dead letter \(letter.id) is of no record")
                continue
            }
            if letter.rejection.record.value != record.value || letter.rejection.record.key != record.key {
                counted.fail(.deadLetters, "dead letter \(letter.id) has other bytes than its record")
            }
            if letter.rejection.reason.isEmpty { counted.fail(.deadLetters, "dead letter \(letter.id) has no reason") }
            let expected: DeadLetter.Status = record.isEvent ? .done : .open
            if letter.status != expected {
                counted.fail(.deadLetters, "dead letter \(letter.id) is \(letter.status), expected \(expected)")
            }
            let times = counted.applied[letter.id] ?? 0
            if times != (record.isEvent ? 1 : 0) {
                counted.fail(.deadLetters, "dead letter \(letter.id) was applied \(times) times")
            }
        }
    }

    /// The customers' rows are what their events made of them.
    func checkCustomers(_ counted: inout Counts) async {
        let states = (try? await self.world.store.states(for: Array(counted.oracle.customers.keys))) ?? [:]
        for (id, expected) in counted.oracle.customers {
            guard let state = states[id] else {
                counted.fail(.customers, "customer \(id) is gone")
                continue
            }
            if state.features != counted.oracle.row(of: id) {
                counted.fail(
                    .customers,
                    "customer \(id) has the features \(state.features), expected \(counted.oracle.row(of: id))")
            }
            if state.version != expected.version {
                counted.fail(.customers, "customer \(id) is at version \(state.version), expected \(expected.version)")
            }
            if state.latest?.probability != expected.probability || state.alert.isAtRisk != expected.isAtRisk {
                counted.fail(.customers, "customer \(id) has another score or alert state than its last event led to")
            }
        }
    }

    /// The stored positions stand at the ends of the partitions and know the last updates.
    func checkPositions(_ records: [Int32: [SimulatedRecord]], _ counted: inout Counts) async {
        let partitions = Array(0..<self.world.scenario.partitions)
        guard let found = try? await self.world.store.positions(of: self.world.log.name, partitions: partitions) else {
            return counted.fail(.positions, "the positions cannot be read")
        }
        for partition in partitions {
            guard let produced = records[partition] else { continue }
            let key = StreamPartition(stream: found.stream, partition: partition)
            let expected = StoredPosition(
                nextOffset: Int64(produced.count), lastUpdate: counted.scored[key]?.last)
            if found.stored[partition] != expected {
                counted.fail(
                    .positions,
                    "partition \(partition) stands at \(String(describing: found.stored[partition])), "
                        + "expected \(expected)")
            }
        }
    }

    /// A reader gets each scored event's update once, and what was broadcast is in the log.
    func checkUpdates(_ counted: inout Counts) async {
        var reader = UpdateReader()
        var logged: [StreamPartition: Set<UpdateBlock>] = [:]
        var random = SeededRandom(seed: self.world.seed, stream: 5)
        while let page = try? await self.world.store.updates(
            after: reader.cursor, limit: 1 + random.index(below: 9)), !page.blocks.isEmpty
        {
            for fault in reader.read(page) { counted.fail(.updates, fault) }
            for block in page.blocks { logged[block.partition, default: []].insert(block) }
        }
        for partition in Set(reader.numbers.keys).union(counted.scored.keys) {
            let (numbers, expected) = (reader.numbers[partition] ?? [], counted.scored[partition] ?? [])
            if numbers != expected {
                counted.fail(
                    .updates, "a reader got \(numbers) of partition \(partition.partition), expected \(expected)")
            }
        }
        for block in self.world.published.withLock({ $0 }) where logged[block.partition]?.contains(block) != true {
            counted.fail(.broadcasts, "updates \(block.numbers) were broadcast and are not in the log")
        }
    }

    /// Keyed input leads to the same scores and versions as if nothing had ever gone wrong.
    func checkUndisturbed(_ records: [Int32: [SimulatedRecord]], _ counted: inout Counts) {
        var oracle = TelcoOracle(names: Domain.telco.schema.features.map(\.name))
        for customer in self.world.customers { oracle.add(customer) }
        let stream = StreamIdentity(name: self.world.log.name)
        for (number, produced) in records {
            let partition = StreamPartition(stream: stream, partition: number)
            for record in produced where record.rejection == nil && !oracle.isDuplicate(record) {
                let expected = oracle.take(record)
                let found = counted.probabilities[StreamPosition(partition: partition, offset: record.offset)]
                if found?.probability.bitPattern != expected?.probability.bitPattern
                    || found?.version != expected?.version
                {
                    counted.fail(
                        .scores, "offset \(record.offset) of partition \(number) differs from an undisturbed run")
                }
            }
        }
    }
}
