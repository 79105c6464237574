import ChurnCore

/// The numbers that stand for streams and models in the tables.
final class NameCache: Sendable {
    private struct State {
        var streams: [StreamName: Int32] = [:]
        var models: [ModelIdentity: Int32] = [:]
    }

    private let state = Locked(State())

    /// Forgets all numbers; after a fenced write, in case that the database is not the one that they came from.
    func clear() { self.state.withLock { $0 = State() } }

    func numbers(of wanted: WantedNames) -> BatchNames {
        self.state.withLock { state in
            BatchNames(
                streams: state.streams.filter { wanted.streams.contains($0.key) },
                models: state.models.filter { wanted.models.contains($0.key) })
        }
    }

    func add(_ names: BatchNames) {
        self.state.withLock { state in
            state.streams.merge(names.streams) { _, new in new }
            state.models.merge(names.models) { _, new in new }
        }
    }
}

/// The streams and models in one batch.
struct WantedNames {
    var streams: Set<StreamName>
    var models: Set<ModelIdentity> = []

    init(_ ranges: [OffsetRange], _ batch: ScoredBatch?) {
        self.streams = Set(ranges.map(\.partition.stream.name))
        guard let batch else { return }
        // By their indices, for an event is expensive to copy. Most have the names of the event before.
        var (lastStream, lastModel): (StreamName?, ModelIdentity?)
        for index in batch.events.indices {
            let stream = batch.events[index].event.position.partition.stream.name
            if stream != lastStream { self.streams.insert(stream) }
            lastStream = stream
            guard let model = batch.events[index].prediction?.model else { continue }
            if model != lastModel { self.models.insert(model) }
            lastModel = model
        }
        for rescore in batch.rescores { self.models.insert(rescore.prediction.model) }
        for rejection in batch.rejections { self.streams.insert(rejection.record.position.partition.stream.name) }
        for block in batch.updates { self.streams.insert(block.partition.stream.name) }
    }
}

/// The numbers of the streams and models in one batch.
struct BatchNames: Sendable {
    var streams: [StreamName: Int32]
    var models: [ModelIdentity: Int32]

    func covers(_ wanted: WantedNames) -> Bool {
        wanted.streams.allSatisfy { self.streams[$0] != nil } && wanted.models.allSatisfy { self.models[$0] != nil }
    }
}

extension PostgresStore {
    private static let knownStreams = Statement(
        name: "known_streams",
        sql: """
            SELECT cluster, topic, stream_id FROM streams
            WHERE pipeline = $1::text AND (cluster, topic) IN (SELECT unnest($2::text[]), unnest($3::text[]))
            """)
    private static let addStreams = Statement(
        name: "add_streams",
        sql: """
            INSERT INTO streams (pipeline, cluster, topic) SELECT $1::text, unnest($2::text[]), unnest($3::text[])
            ON CONFLICT (pipeline, cluster, topic) DO NOTHING
            """)
    private static let knownModels = Statement(
        name: "known_models",
        sql: "SELECT version, model_id FROM models WHERE version = ANY($1::text[]) AND features IS NOT NULL")
    // The features give contributions their names. A model of before they were kept gets them now.
    private static let addModels = Statement(
        name: "add_models",
        sql: """
            INSERT INTO models (version, features) SELECT unnest($1::text[]), $2::text[]
            ON CONFLICT (version) DO UPDATE SET features = excluded.features WHERE models.features IS NULL
            """)

    /// The numbers of a batch's names, made where there are none.
    ///
    /// Not part of the batch's transaction: a name without a row that uses it does no harm.
    func names(of ranges: [OffsetRange], _ batch: ScoredBatch? = nil) async throws -> BatchNames {
        let wanted = WantedNames(ranges, batch)
        let known = self.names.numbers(of: wanted)
        if known.covers(wanted) { return known }
        let (pipeline, features) = (self.pipeline, self.users.columns.map(\.name.name))
        let found = try await self.writer.withConnection("look up streams and models") { connection in
            try Self.find(wanted, beyond: known, of: pipeline, features: features, on: connection)
        }
        self.names.add(found)
        return found
    }

    /// The numbers of a batch's names, made in the transaction where there are none.
    ///
    /// The cache must not learn them before the transaction is committed.
    func names(
        of ranges: [OffsetRange], _ batch: ScoredBatch, on connection: isolated PostgresConnection
    ) throws -> BatchNames {
        let wanted = WantedNames(ranges, batch)
        let known = self.names.numbers(of: wanted)
        return known.covers(wanted)
            ? known
            : try Self.find(
                wanted, beyond: known, of: self.pipeline, features: self.users.columns.map(\.name.name),
                on: connection)
    }

    private static func find(
        _ wanted: WantedNames, beyond known: BatchNames, of pipeline: String, features: [String],
        on connection: isolated PostgresConnection
    ) throws -> BatchNames {
        var found = known
        for mayAdd in [true, false] {
            let streams = wanted.streams.filter { found.streams[$0] == nil }
            if !streams.isEmpty { try Self.find(streams, of: pipeline, mayAdd: mayAdd, on: connection, into: &found) }
            let models = wanted.models.filter { found.models[$0] == nil }
            if !models.isEmpty {
                try Self.find(models, features: features, mayAdd: mayAdd, on: connection, into: &found)
            }
        }
        return found
    }

    private static func find(
        _ streams: Set<StreamName>, of pipeline: String, mayAdd: Bool, on connection: isolated PostgresConnection,
        into found: inout BatchNames
    ) throws {
        var parameters = ParameterBuffer()
        parameters.text(pipeline)
        parameters.array(of: .text, streams) { $0.text($1.cluster) }
        parameters.array(of: .text, streams) { $0.text($1.topic) }
        let rows = try connection.run(Self.knownStreams, parameters)
        for row in 0..<rows.rowCount {
            found.streams[StreamName(cluster: rows.text(row, 0), topic: rows.text(row, 1))] = rows.int32(row, 2)
        }
        if mayAdd, rows.rowCount < streams.count { _ = try connection.run(Self.addStreams, parameters) }
    }

    private static func find(
        _ models: Set<ModelIdentity>, features: [String], mayAdd: Bool, on connection: isolated PostgresConnection,
        into found: inout BatchNames
    ) throws {
        var parameters = ParameterBuffer()
        parameters.array(of: .text, models) { $0.text($1.version) }
        let rows = try connection.run(Self.knownModels, parameters)
        for row in 0..<rows.rowCount {
            found.models[ModelIdentity(version: rows.text(row, 0))] = rows.int32(row, 1)
        }
        guard mayAdd, rows.rowCount < models.count else { return }
        parameters.array(of: .text, features) { $0.text($1) }
        _ = try connection.run(Self.addModels, parameters)
    }
}
