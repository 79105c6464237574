import ChurnCore
import Foundation
import Logging
import Testing

@testable import ChurnStore

/// A schema of a test's own in the server that CHURN_TEST_POSTGRES_URL names.
struct TestDatabase: Sendable {
    static let url = ProcessInfo.processInfo.environment["CHURN_TEST_POSTGRES_URL"]
    static let isThere = url != nil
    static let absence: Comment = "CHURN_TEST_POSTGRES_URL names no server; Scripts/postgres.sh starts one"

    private static let gate = Gate(places: 6)

    let configuration: PostgresConfiguration
    let pool: PostgresPool
    let domain: Domain
    static let logger = Logger(label: "churn.test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` in a new, migrated schema, which is dropped afterwards.
    static func with<Result>(
        domain: Domain = .telco, isMigrated: Bool = true, change: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (TestDatabase) async throws -> Result
    ) async throws -> Result {
        let database = try TestDatabase(domain: domain, change: change)
        // Each takes a handful of the server's connections.
        await Self.gate.enter()
        defer { Self.gate.leave() }
        do {
            if isMigrated { try await database.migrate() }
            let result = try await body(database)
            try await database.drop()
            return result
        } catch {
            try? await database.drop()
            throw error
        }
    }

    private init(domain: Domain, change: (inout PostgresConfiguration) -> Void) throws {
        var configuration = PostgresConfiguration(url: Secret(try #require(Self.url)))
        configuration.schema = "churn_test_\(UInt64.random(in: 1 << 32..<1 << 48))"
        configuration.poolSize = 6
        var own = configuration
        own.plans = .free
        own.poolSize = 2
        own.reservesWriter = false
        self.pool = try PostgresPool(own, logger: Self.logger)
        change(&configuration)
        self.configuration = configuration
        self.domain = domain
    }

    private func drop() async throws {
        try await self.run("DROP SCHEMA IF EXISTS \(self.configuration.schema) CASCADE")
        await self.pool.close()
    }

    @discardableResult
    func migrate() async throws -> [String] {
        let migrator = try Migrator(self.configuration, domain: self.domain, logger: Self.logger)
        let done = try await migrator.migrate()
        await migrator.close()
        return done
    }

    /// Brings an empty schema to an earlier version.
    func migrate(through number: Int32) async throws {
        try await self.run(
            """
            CREATE SCHEMA \(self.configuration.schema);
            CREATE TABLE churn_migrations (number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz DEFAULT now())
            """)
        for migration in Migration.all where migration.number <= number {
            try await self.run("BEGIN; \(migration.sql); COMMIT")
            try await self.run("INSERT INTO churn_migrations VALUES (\(migration.number), $$\(migration.name)$$)")
        }
    }

    func makeStore(
        pipeline: String = "test", window: Duration = .seconds(7 * 86_400), failpoints: Failpoints = .none
    ) throws -> PostgresStore {
        var configuration = self.configuration
        configuration.failpoints = failpoints
        return try PostgresStore(
            configuration, domain: self.domain, pipeline: pipeline, deduplicationWindow: window, logger: Self.logger)
    }

    /// Runs a text of statements, past the store.
    func run(_ sql: String) async throws {
        try await self.pool.withConnection("run a test's statement") { try $0.run(sql) }
    }

    /// The rows of a query, every field as text; nil for NULL.
    func rows(_ sql: String) async throws -> [[String?]] {
        try await self.pool.withConnection("run a test's query") { connection in
            let columns = try connection.run(
                Statement(name: "test \(sql.hashValue)", sql: "SELECT to_jsonb(q)::text FROM (\(sql)) AS q"))
            return try (0..<columns.rowCount).map { row in
                let object = try JSONSerialization.jsonObject(with: Data(columns.bytes(row, 0)))
                let fields = (object as? [String: Any]) ?? [:]
                return fields.keys.sorted().map { key in fields[key].flatMap { $0 is NSNull ? nil : "\($0)" } }
            }
        }
    }

    /// The first field of the first row as an integer.
    func number(_ sql: String) async throws -> Int {
        Int(try await self.rows(sql).first?.first.flatMap(\.self) ?? "") ?? -1
    }
}

/// The values that the store's own tests write.
enum Samples {
    static let name = StreamName(cluster: "test-cluster", topic: "events")
    static let time = Timestamp(microseconds: 1_767_225_600_000_000)
    static let model = ModelIdentity(version: "test-model")

    static func partition(_ number: Int32 = 0, epoch: Int32 = 0) -> StreamPartition {
        StreamPartition(stream: StreamIdentity(name: Self.name, epoch: epoch), partition: number)
    }

    static func range(_ from: Int64, _ to: Int64, partition: Int32 = 0, epoch: Int32 = 0) -> OffsetRange {
        OffsetRange(partition: Self.partition(partition, epoch: epoch), from: from, to: to)
    }

    static func features(_ number: Int, _ domain: Domain = .telco) -> [FeatureValue] {
        domain.schema.features.enumerated().map { index, feature in
            switch feature.type {
            case .numeric: .number(Double(number) + Double(index) / 8)
            case .boolean: .boolean((number + index) % 2 == 0)
            case .categorical:
                .text(feature.categories[(number + index) % feature.categories.count])
            }
        }
    }

    static func customer(_ id: String, _ number: Int = 0) -> CustomerState {
        CustomerState(id: id, features: Self.features(number))
    }

    static func event(
        _ id: String, offset: Int64, partition: Int32 = 0, source: String? = nil, letter: Int64? = nil,
        json: String? = nil
    ) -> CustomerEvent {
        let json = json ?? #"{"event_type": "contract_downgrade", "user_id": "\#(id)", "details": "Switched"}"#
        return CustomerEvent(
            position: StreamPosition(partition: Self.partition(partition), offset: offset), customerID: id,
            type: EventType(rawValue: "contract_downgrade"), time: Self.time, recordTime: Self.time,
            sourceEventID: source, json: Array(json.utf8), deadLetterID: letter)
    }

    static func prediction(_ id: String, version: Int64 = 0) -> Prediction {
        Prediction(
            customerID: id, probability: 0.75, band: .high, model: Self.model, stateVersion: version,
            alert: AlertDecision(isAlert: true, becameAtRisk: false))
    }

    static func scored(_ event: CustomerEvent, id: Int64, version: Int64 = 0) -> ScoredEvent {
        ScoredEvent(eventID: id, event: event, prediction: Self.prediction(event.customerID, version: version))
    }

    static func change(of state: CustomerState, to number: Int? = nil) -> StateChange {
        var next = state
        if let number { next.features = Self.features(number) }
        next.version += 1
        next.latest = LatestScore(probability: 0.75, band: .high, time: Self.time)
        next.alert = AlertState(isAtRisk: true, lastAlert: Self.time)
        return StateChange(state: next, readVersion: state.version, featuresChanged: number != nil)
    }

    static func block(_ numbers: [Int64], previous: Int64?, partition: Int32 = 0) -> UpdateBlock {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for number in numbers {
            bytes += Array(#"{"type":"new_event","payload":{"number":\#(number)}}"#.utf8)
            ends.append(bytes.count)
        }
        return UpdateBlock(
            partition: Self.partition(partition), previous: previous, numbers: numbers, bytes: bytes, ends: ends)
    }
}

extension WriteOutcome {
    var isWritten: Bool { if case .written = self { true } else { false } }
    var isConflicted: Bool { if case .conflicted = self { true } else { false } }
    var fencedPositions: [StreamPartition: StoredPosition?]? {
        if case .fenced(let positions) = self { positions } else { nil }
    }
}
