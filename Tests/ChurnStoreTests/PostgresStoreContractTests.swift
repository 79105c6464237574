import ChurnCore
import ChurnInsight
import ChurnTesting
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PostgresStoreContractTests {
    @Test("keeps the contract of a feature store", arguments: FeatureStoreContract.checks)
    func featureStore(_ check: FeatureStoreContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a prediction sink", arguments: PredictionSinkContract.checks)
    func predictionSink(_ check: PredictionSinkContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a pipeline", arguments: PipelineContract.checks)
    func pipeline(_ check: PipelineContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a transactional store", arguments: TransactionalStoreContract.checks)
    func transactionalStore(_ check: TransactionalStoreContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of an update log", arguments: UpdateLogContract.checks)
    func updateLog(_ check: UpdateLogContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a dead-letter store", arguments: DeadLetterStoreContract.checks)
    func deadLetters(_ check: DeadLetterStoreContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a customer directory", arguments: CustomerDirectoryContract.checks)
    func customerDirectory(_ check: CustomerDirectoryContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a case store", arguments: CaseStoreContract.checks)
    func caseStore(_ check: CaseStoreContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a delivery log", arguments: DeliveryLogContract.checks)
    func deliveryLog(_ check: DeliveryLogContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of an intervention log", arguments: InterventionLogContract.checks)
    func interventionLog(_ check: InterventionLogContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("with a projection keeps the contract of customer queries", arguments: CustomerQueriesContract.checks)
    func customerQueries(_ check: CustomerQueriesContract.Check) async {
        await check.verify { use in
            try await TestDatabase.with { database in
                let store = try database.makeStore()
                let feed = CustomerProjectionFeed(
                    store: store, configuration: .ofShortPortions, health: HealthBoard(),
                    logger: TestDatabase.logger)
                try await use(
                    QueriesUnderTest(
                        queries: feed, store: store, domain: database.domain,
                        setPresent: { time in
                            let text = "to_timestamp(\(time.seconds))"
                            try await database.run(
                                """
                                ALTER TABLE event_log ALTER COLUMN recorded_at SET DEFAULT \(text);
                                ALTER TABLE update_log ALTER COLUMN written_at SET DEFAULT \(text);
                                """)
                        },
                        setImportances: { importances in
                            for importance in importances {
                                try await database.run(
                                    "INSERT INTO shap_summary VALUES ('\(importance.feature)', \(importance.importance))"
                                )
                            }
                        }))
                await store.close()
            }
        }
    }

    @Test("with a projection keeps the contract of figures at risk", arguments: CustomerQueriesContract.atRisk)
    func atRisk(_ check: CustomerQueriesContract.Check) async {
        await check.verify { use in
            try await TestDatabase.with(domain: CustomerQueriesContract.domainWithOwnThreshold) { database in
                let store = try database.makeStore()
                let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: TestDatabase.logger)
                try await use(QueriesUnderTest(queries: feed, store: store, domain: database.domain))
                await store.close()
            }
        }
    }

    @Test("keeps the contract of a store of importances", arguments: ImportanceStoreContract.checks)
    func importances(_ check: ImportanceStoreContract.Check) async {
        await check.verify { use in
            try await TestDatabase.with { database in
                let store = try database.makeStore()
                let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: TestDatabase.logger)
                try await use(ImportanceStoreContract.Subject(store: store, queries: feed, domain: database.domain))
                await store.close()
            }
        }
    }

    @Test("keeps the contract of a store of API keys", arguments: APIKeyStoreContract.checks)
    func apiKeyStore(_ check: APIKeyStoreContract.Check) async {
        await check.verify { use in try await Self.provideStore { try await use($0) } }
    }

    @Test("keeps the contract of a model registry", arguments: ModelRegistryContract.checks)
    func modelRegistry(_ check: ModelRegistryContract.Check) async {
        await check.verify { use in
            try await TestDatabase.with { database in
                let store = try database.makeStore()
                try await use(
                    RegistryUnderTest(
                        registry: store, audit: store,
                        keepScore: { version in
                            var event = Samples.scored(Samples.event("c", offset: 0), id: 1)
                            event.prediction?.model = ModelIdentity(version: version)
                            let batch = ScoredBatch(ranges: [Samples.range(0, 1)], events: [event])
                            let outcome = try await store.write(batch)
                            #expect(outcome.isWritten)
                        }))
                await store.close()
            }
        }
    }

    @Test("keeps the contract of models' records", arguments: ModelRecordsContract.checks)
    func modelRecords(_ check: ModelRecordsContract.Check) async {
        await check.verify { use in try await Self.provide(use) }
    }

    @Test("keeps the contract of a log of drift", arguments: DriftLogContract.checks)
    func driftLog(_ check: DriftLogContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of a log of rescores", arguments: RescoreLogContract.checks)
    func rescoreLog(_ check: RescoreLogContract.Check) async {
        await check.verify { use in try await Self.provide { try await use($0) } }
    }

    @Test("keeps the contract of an audit log", arguments: AuditLogContract.checks)
    func auditLog(_ check: AuditLogContract.Check) async {
        await check.verify { use in try await Self.provideStore { try await use($0) } }
    }

    private static func provideStore(_ use: (PostgresStore) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            try await use(store)
            await store.close()
        }
    }

    private static func provide<Store: Sendable>(
        _ use: (StoreUnderTest<Store>) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            guard let subject = store as? Store else {
                Issue.record("PostgresStore is not a \(Store.self)")
                return
            }
            try await use(
                StoreUnderTest(
                    store: subject, domain: database.domain,
                    startNewEpoch: { _ = try await store.offsets.reset(stream: $0, to: [:]) },
                    updateFeature: { id, change in
                        let column = try Identifier(database.domain.schema.features[change.feature].column)
                        guard case .number(let value) = change.value else { return }
                        try await database.run(
                            "UPDATE users SET \(column) = \(value) WHERE customerid = \(try Identifier(id).literal)")
                    },
                    forgetUpdates: { partition, number in
                        try await database.run(
                            """
                            DELETE FROM update_log WHERE epoch = \(partition.stream.epoch)
                                AND partition = \(partition.partition) AND last_number <= \(number)
                            """)
                    }))
            await store.close()
        }
    }
}
