import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@Suite("A contract suite of the serving side fails")
struct BrokenServeFakeTests {
    @Test("on a case store whose audit entry comes after its step")
    func lateAudit() async {
        let found = await brokenPromises(of: CaseStoreContract.checks) {
            StoreUnderTest(store: LateAuditor(), domain: .telco)
        }
        #expect(found == ["a step comes with its audit entry, and nothing is kept of it where that cannot be"])
    }

    @Test("on a case store that compares no versions")
    func noVersions() async {
        let found = await brokenPromises(of: CaseStoreContract.checks) {
            StoreUnderTest(store: LateAuditor(comparesVersions: false), domain: .telco)
        }
        #expect(found.contains("a step based on an older version changes nothing"))
        #expect(found.contains("of many who act on one version at once, one succeeds"))
    }

    @Test("on a log of interventions whose audit entry comes afterwards")
    func lateInterventions() async {
        let found = await brokenPromises(of: InterventionLogContract.checks) {
            StoreUnderTest(store: LateAuditor(), domain: .telco)
        }
        #expect(
            Set(found) == [
                "an intervention comes with its audit entry, and neither is kept where the other cannot be",
                "a write that is sent again with its key is kept once, with its first audit entry",
            ])
    }

    @Test("on a store of keys that audits afterwards, and every revocation")
    func lateKeys() async {
        let found = await brokenPromises(of: APIKeyStoreContract.checks) { LateKeys() }
        #expect(
            found == [
                "a key is added with its audit entry, and neither is kept where the other cannot be",
                "a revocation comes with its audit entry, and neither is kept where the other cannot be",
            ])
    }

    @Test("on an audit log that lists the oldest first")
    func oldestFirst() async {
        let found = await brokenPromises(of: AuditLogContract.checks) { OldestFirstAudit() }
        #expect(found.contains("entries come back newest first, with all that was said and rising numbers"))
        #expect(!found.contains("an empty log has no entries"))
    }

    @Test("on a log of deliveries without leases")
    func noLeases() async {
        let found = await brokenPromises(of: DeliveryLogContract.checks) {
            StoreUnderTest(store: LeaselessDeliveries(), domain: .telco)
        }
        #expect(found.contains("a claim has every byte, and no other worker gets it while its lease runs"))
        #expect(!found.contains("there is no cursor before the first time, and the last one afterwards"))
    }

    @Test("on a store of features that takes missing for zero")
    func zeroes() async {
        let found = await brokenPromises(of: FeatureStoreContract.checks) {
            StoreUnderTest(store: ZeroingStore(), domain: .telco)
        }
        #expect(found.contains("numbers keep every bit, and a missing number is not zero"))
        #expect(!found.contains("asking for no customers gives none"))
    }

    @Test("on queries whose pages overlap and whose events come in the wrong order")
    func overlapping() async {
        let found = await brokenPromises(of: CustomerQueriesContract.checks) {
            let store = InMemoryStore(domain: .telco)
            return QueriesUnderTest(queries: OverlappingQueries(base: store), store: store, domain: .telco)
        }
        #expect(found.contains("pages follow each other without a gap or a repeat"))
        #expect(found.contains("events of all customers come newest first, before a number, duplicates with no score"))
        #expect(!found.contains("the mean is that of the latest scores"))
    }
}
