import ChurnCore
import ChurnInsight
import ChurnMemory
import ChurnTesting
import Foundation
import Logging
import Testing

@Suite("The in-memory store keeps the contracts")
struct MemoryStoreContractTests {
    @Test("of a prediction sink", arguments: PredictionSinkContract.checks)
    func predictionSink(_ check: PredictionSinkContract.Check) async {
        await check.verify {
            let store = InMemoryStore(domain: .telco)
            return StoreUnderTest(store: store, domain: .telco, startNewEpoch: { await store.reset($0) })
        }
    }

    @Test("of a feature store", arguments: FeatureStoreContract.checks)
    func featureStore(_ check: FeatureStoreContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of a transactional store", arguments: TransactionalStoreContract.checks)
    func transactionalStore(_ check: TransactionalStoreContract.Check) async {
        await check.verify {
            let store = InMemoryStore(domain: .telco)
            return StoreUnderTest(
                store: store, domain: .telco, startNewEpoch: { await store.reset($0) },
                updateFeature: { await store.updateFeatures(of: $0, [$1]) })
        }
    }

    @Test("of a pipeline", arguments: PipelineContract.checks)
    func pipeline(_ check: PipelineContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of an update log", arguments: UpdateLogContract.checks)
    func updateLog(_ check: UpdateLogContract.Check) async {
        await check.verify {
            let store = InMemoryStore(domain: .telco)
            return StoreUnderTest(
                store: store, domain: .telco, startNewEpoch: { await store.reset($0) },
                forgetUpdates: { store.forgetUpdates(of: $0, through: $1) })
        }
    }

    @Test("of a dead-letter store", arguments: DeadLetterStoreContract.checks)
    func deadLetterStore(_ check: DeadLetterStoreContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of a customer directory", arguments: CustomerDirectoryContract.checks)
    func customerDirectory(_ check: CustomerDirectoryContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of a store of importances", arguments: ImportanceStoreContract.checks)
    func importances(_ check: ImportanceStoreContract.Check) async {
        await check.verify {
            let store = InMemoryStore(domain: .telco)
            return ImportanceStoreContract.Subject(store: store, queries: store, domain: .telco)
        }
    }

    @Test("of customer queries", arguments: CustomerQueriesContract.checks)
    func customerQueries(_ check: CustomerQueriesContract.Check) async {
        await check.verify {
            let present = Locked<Timestamp?>(nil)
            let store = InMemoryStore(
                domain: .telco,
                now: { present.withLock { $0 } ?? Timestamp.systemNow() })
            return QueriesUnderTest(
                queries: store, store: store, domain: .telco,
                setPresent: { time in present.withLock { $0 = time } },
                setImportances: { store.setFeatureImportances($0) })
        }
    }

    @Test("of customer queries, through a projection", arguments: CustomerQueriesContract.checks)
    func projectedQueries(_ check: CustomerQueriesContract.Check) async {
        await check.verify {
            let present = Locked<Timestamp?>(nil)
            let store = InMemoryStore(
                domain: .telco,
                now: { present.withLock { $0 } ?? Timestamp.systemNow() })
            return QueriesUnderTest(
                queries: CustomerProjectionFeed(
                    store: store, configuration: .ofShortPortions, health: HealthBoard(),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
                store: store, domain: .telco, setPresent: { time in present.withLock { $0 = time } },
                setImportances: { store.setFeatureImportances($0) })
        }
    }

    @Test("of figures of customers at risk", arguments: CustomerQueriesContract.atRisk)
    func atRisk(_ check: CustomerQueriesContract.Check) async {
        let domain = CustomerQueriesContract.domainWithOwnThreshold
        await check.verify {
            let store = InMemoryStore(domain: domain)
            return QueriesUnderTest(queries: store, store: store, domain: domain)
        }
        await check.verify {
            let store = InMemoryStore(domain: domain)
            return QueriesUnderTest(
                queries: CustomerProjectionFeed(
                    store: store, health: HealthBoard(),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
                store: store, domain: domain)
        }
    }

    @Test("of an intervention log", arguments: InterventionLogContract.checks)
    func interventionLog(_ check: InterventionLogContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of a case store", arguments: CaseStoreContract.checks)
    func caseStore(_ check: CaseStoreContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of a delivery log", arguments: DeliveryLogContract.checks)
    func deliveryLog(_ check: DeliveryLogContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }
}

@Suite("The in-memory broadcaster keeps the contract")
struct MemoryBroadcasterContractTests {
    @Test("of a broadcaster", arguments: BroadcasterContract.checks)
    func broadcaster(_ check: BroadcasterContract.Check) async {
        await check.verify {
            let received = Received()
            return BroadcasterUnderTest(
                broadcaster: InMemoryBroadcaster(handler: received.append), received: { received.blocks })
        }
    }
}

@Suite("The in-memory access stores keep the contracts")
struct MemoryAccessContractTests {
    @Test("of a store of API keys", arguments: APIKeyStoreContract.checks)
    func apiKeyStore(_ check: APIKeyStoreContract.Check) async {
        await check.verify { InMemoryAPIKeyStore() }
    }

    @Test("of a model registry", arguments: ModelRegistryContract.checks)
    func modelRegistry(_ check: ModelRegistryContract.Check) async {
        await check.verify {
            let audit = InMemoryAuditLog()
            let scored = Locked<Set<String>>([])
            return RegistryUnderTest(
                registry: InMemoryModelRegistry(
                    audit: audit, hasScores: { version in scored.withLock { $0.contains(version) } }),
                audit: audit, keepScore: { version in scored.withLock { _ = $0.insert(version) } })
        }
    }

    @Test("of models' records", arguments: ModelRecordsContract.checks)
    func modelRecords(_ check: ModelRecordsContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of a log of drift", arguments: DriftLogContract.checks)
    func driftLog(_ check: DriftLogContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of a log of rescores", arguments: RescoreLogContract.checks)
    func rescoreLog(_ check: RescoreLogContract.Check) async {
        await check.verify { StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco) }
    }

    @Test("of an audit log", arguments: AuditLogContract.checks)
    func auditLog(_ check: AuditLogContract.Check) async {
        await check.verify { InMemoryAuditLog() }
    }

    @Test("an audit log keeps its newest entries")
    func bounded() async throws {
        let log = InMemoryAuditLog(capacity: 10)
        for number in 0..<100 {
            try await log.record(
                NewAuditEntry(time: Timestamp(microseconds: 0), actor: "a", action: "b", subject: "\(number)"))
        }
        let subjects = try await log.auditEntries(before: nil, limit: 100).map(\.entry.subject)
        #expect(subjects == (90..<100).reversed().map { "\($0)" })
    }
}
