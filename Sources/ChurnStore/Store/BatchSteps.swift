import ChurnCore

/// A scored batch as the statements of its transaction, in their order, with what it means that one is refused.
///
/// A statement that has to find rows as the batch was made for is refused by the server where it does not, and so the
/// transaction fails. Made before the transaction begins, so that it holds its locks for no longer than the server
/// needs. Users come first: whoever writes the same customer waits there, and finds everything else settled.
struct BatchSteps: Sendable {
    /// The meaning of the server's refusal of a statement.
    enum Refusal: Sendable {
        /// A partition does not stand where the batch was made for.
        case positions
        /// Another writer changed a customer or accepted a key.
        case conflict
        /// The table of customers is not as it was when they were read.
        case otherTable
        /// A dead letter was not open any more: its source looks at an old list, and the way to make it look again is
        /// to fence its partitions.
        case letters(of: Set<StreamPartition>)
    }

    private(set) var works: [Work] = []
    private var refusals: [Refusal?] = []

    mutating func add(
        _ statement: Statement, refusedFor refusal: Refusal? = nil, capacity: Int = 256,
        _ write: (inout ParameterBuffer) throws -> Void
    ) rethrows {
        var parameters = ParameterBuffer(capacity: capacity)
        try write(&parameters)
        self.works.append(.statement(Step(statement: statement, parameters: parameters)))
        self.refusals.append(refusal)
    }

    mutating func add(_ step: Step) {
        self.works.append(.statement(step))
        self.refusals.append(nil)
    }

    /// Adds steps behind those that are there.
    mutating func add(_ steps: BatchSteps) {
        self.works += steps.works
        self.refusals += steps.refusals
    }

    /// Begins the transaction.
    ///
    /// - Parameter isFirst: whether partitions without a position get one where their range begins: a fence that
    ///   expects rows need not look for those that are missing.
    mutating func begin(_ ranges: [OffsetRange], isFirst: Bool, names: BatchNames) throws {
        self.add(Step(statement: WriteStatements.begin))
        guard isFirst else { return }
        let streams = try ranges.map { try names.number(of: $0.partition.stream.name) }
        self.add(WriteStatements.beginPartitions) { $0.beginnings(of: ranges, streams) }
    }

    /// Adds the fence: the positions of `ranges` are compared, locked and set.
    mutating func addFence(_ ranges: [OffsetRange], _ updates: [UpdateBlock], names: BatchNames) throws {
        let streams = try ranges.map { try names.number(of: $0.partition.stream.name) }
        let blocks = Dictionary(updates.map { ($0.partition, $0) }, uniquingKeysWith: { _, last in last })
        self.add(WriteStatements.fence, refusedFor: .positions) { parameters in
            parameters.beginnings(of: ranges, streams)
            parameters.array(of: .int64, ranges) { $0.int64($1.to) }
            parameters.array(of: .int64, ranges) { $0.int64(blocks[$1.partition]?.previous) }
            parameters.array(of: .int64, ranges) { $0.int64(blocks[$1.partition]?.numbers.last) }
        }
    }

    /// Returns the reason why the server refused the batch; nil where it did not.
    ///
    /// Throws where a statement failed for another reason.
    func refusal(in results: some Sequence<Result<PostgresResult, PostgresFailure>>) throws -> Refusal? {
        for (result, refusal) in zip(results, self.refusals) {
            if let refusal, case .failure(let failure) = result, failure.sqlState == WriteStatements.refusal {
                return refusal
            }
            _ = try result.get()
        }
        return nil
    }

    /// Adds what the batch holds.
    ///
    /// - Parameter usersGuard: what its customers were read under; nil where they are locked.
    mutating func add(
        _ batch: ScoredBatch, names: BatchNames, store: PostgresStore, usersGuard: UsersGuard?
    ) throws {
        try self.addCustomers(batch.changes, store: store, usersGuard)
        try self.addKeys(batch, window: store.deduplicationWindow)
        if !batch.outcomes.isEmpty {
            self.add(WriteStatements.addOutcomes, capacity: batch.outcomes.count * 56) {
                $0.outcomes(batch.outcomes)
            }
        }
        self.addRescores(batch.rescores, names: names, users: store.users)
        try self.addDeadLetters(batch, names: names)
        try self.addUpdates(batch, names: names, layout: store.projection.layout)
        // Last, so that all else goes together before a COPY.
        let events = EventRows(batch.events, names: names, columns: store.users.columns.map(\.name.name))
        for work in try events.works {
            self.works.append(work)
            self.refusals.append(nil)
        }
    }

    private mutating func addCustomers(
        _ changes: [StateChange], store: PostgresStore, _ usersGuard: UsersGuard?
    ) throws {
        let order = changes.indices.sorted {
            changes[$0].state.id.utf8.lexicographicallyPrecedes(changes[$1].state.id.utf8)
        }
        let written = order.filter { changes[$0].isWritten }
        if !written.isEmpty {
            let statement =
                usersGuard?.comparesRows == true
                ? store.statements.changeComparedCustomers : store.statements.changeCustomers
            try self.add(statement, refusedFor: .conflict, capacity: written.count * 512) {
                try store.users.addStates(changes, written, to: &$0)
            }
        }
        let checked = order.filter { !changes[$0].isWritten }
        if !checked.isEmpty {
            self.add(store.statements.checkVersions, refusedFor: .conflict, capacity: checked.count * 40) {
                $0.array(of: .text, checked) { $0.text(changes[$1].state.id) }
                $0.array(of: .int64, checked) { $0.int64(changes[$1].readVersion) }
            }
        }
        if let usersGuard, !changes.isEmpty {
            self.add(UsersGuard.check, refusedFor: .otherTable) { parameters in
                if let stamp = usersGuard.stamp { parameters.text(stamp) } else { parameters.null() }
            }
        }
    }

    private mutating func addKeys(_ batch: ScoredBatch, window: Duration) throws {
        // In one order, as customers are: two writers of the same keys wait for each other otherwise.
        let keys = batch.acceptedKeys.sorted()
        guard !keys.isEmpty else { return }
        guard Set(keys).count == keys.count else {
            throw ChurnError(
                .internalError, .fatal, during: "write a batch",
                advice: "It accepts one source_event_id twice; a duplicate must carry no score.")
        }
        self.add(WriteStatements.acceptKeys, refusedFor: .conflict) { parameters in
            parameters.keys(keys)
            parameters.int64(window.wholeMicroseconds)
        }
    }

    private mutating func addRescores(_ rescores: [Rescore], names: BatchNames, users: UsersTable) {
        guard !rescores.isEmpty else { return }
        self.add(WriteStatements.insertRescores(users: users), capacity: rescores.count * 128) { parameters in
            parameters.array(of: .int64, rescores) { $0.int64($1.eventID) }
            parameters.array(of: .text, rescores) { $0.text($1.prediction.customerID) }
            parameters.array(of: .timestamp, rescores) { $0.timestamp($1.time) }
            parameters.array(of: .double, rescores) { $0.double($1.prediction.probability) }
            parameters.array(of: .text, rescores) { $0.text($1.prediction.band.rawValue) }
            parameters.array(of: .int64, rescores) { $0.int64($1.prediction.stateVersion) }
            parameters.array(of: .int32, rescores) { $0.int32(names.models[$1.prediction.model]) }
        }
    }

    private mutating func addDeadLetters(_ batch: ScoredBatch, names: BatchNames) throws {
        for rejection in batch.rejections where rejection.deadLetterID == nil {
            let record = rejection.record
            let stream = try names.number(of: record.position.partition.stream.name)
            self.add(WriteStatements.insertDeadLetters) { parameters in
                parameters.int32(stream)
                parameters.int32(record.position.partition.stream.epoch)
                parameters.int32(record.position.partition.partition)
                parameters.int64(record.position.offset)
                parameters.timestamp(record.time.clampedToPostgres)
                if let key = record.key { parameters.bytes(key) } else { parameters.null() }
                if let value = record.value { parameters.bytes(value) } else { parameters.null() }
                parameters.array(of: .text, record.headers) { $0.text($1.name.storable) }
                parameters.array(of: .bytes, record.headers) { $0.bytes($1.value) }
                parameters.text(rejection.code.rawValue.storable)
                parameters.text(rejection.reason.storable)
            }
        }
        let refused = batch.rejections.compactMap { rejection in rejection.deadLetterID.map { ($0, rejection) } }
            .sorted { $0.0 < $1.0 }
        if !refused.isEmpty {
            let partitions = Set(refused.map(\.1.record.position.partition))
            self.add(WriteStatements.refuseDeadLetters, refusedFor: .letters(of: partitions)) { parameters in
                parameters.array(of: .int64, refused) { $0.int64($1.0) }
                parameters.array(of: .text, refused) { $0.text($1.1.code.rawValue.storable) }
                parameters.array(of: .text, refused) { $0.text($1.1.reason.storable) }
            }
        }
        let applied = batch.events.indices.filter { batch.events[$0].event.deadLetterID != nil }
        if !applied.isEmpty {
            let partitions = Set(applied.map { batch.events[$0].event.position.partition })
            self.add(WriteStatements.finishDeadLetters, refusedFor: .letters(of: partitions)) { parameters in
                parameters.array(of: .int64, applied) { $0.int64(batch.events[$1].event.deadLetterID) }
            }
        }
    }
}

extension BatchNames {
    private static var unknown: ChurnError {
        ChurnError(
            .internalError, .fatal, during: "write a batch", advice: "It names a stream or model that has no number.")
    }

    func number(of stream: StreamName) throws -> Int32 {
        guard let number = self.streams[stream] else { throw Self.unknown }
        return number
    }

    func number(of model: ModelIdentity) throws -> Int32 {
        guard let number = self.models[model] else { throw Self.unknown }
        return number
    }
}

extension ParameterBuffer {
    /// Adds the arrays that say where ranges begin.
    mutating func beginnings(of ranges: [OffsetRange], _ streams: [Int32]) {
        self.array(of: .int32, streams) { $0.int32($1) }
        self.array(of: .int32, ranges) { $0.int32($1.partition.stream.epoch) }
        self.array(of: .int32, ranges) { $0.int32($1.partition.partition) }
        self.array(of: .int64, ranges) { $0.int64($1.from) }
    }

    /// Adds the two arrays of the statements that know accepted keys.
    mutating func keys(_ keys: [SourceEventKey]) {
        self.array(of: .text, keys) { $0.text($1.customerID) }
        self.array(of: .text, keys) { $0.text($1.sourceEventID) }
    }
}

extension ParameterBuffer {
    /// Adds the arrays of the statement that remembers outcomes.
    mutating func outcomes(_ outcomes: [CustomerOutcome]) {
        self.array(of: .text, outcomes) { $0.text($1.customerID) }
        self.array(of: .timestamp, outcomes) { $0.timestamp($1.time) }
        self.array(of: .boolean, outcomes) { $0.boolean($1.hasChurned) }
        self.array(of: .int64, outcomes) { $0.int64($1.eventID) }
        self.array(of: .int32, outcomes.indices) { $0.int32(Int32(clamping: $1)) }
    }
}

extension String {
    /// The text without the one character that PostgreSQL cannot hold.
    fileprivate var storable: String { self.contains("\0") ? self.replacing("\0", with: "\u{FFFD}") : self }
}

extension Duration {
    var wholeMicroseconds: Int64 { Int64(self / .microseconds(1)) }
}
