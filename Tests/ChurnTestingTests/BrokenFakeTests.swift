import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@Suite("A contract suite fails")
struct BrokenFakeTests {
    // Release builds have no mutants.
    #if DEBUG
        @Test("on a sink without a fence")
        func noFence() async {
            let found = await Mutant.$active.withValue(.noFence) {
                await brokenPromises(of: PredictionSinkContract.checks) {
                    StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco)
                }
            }
            #expect(found.contains("a batch that is written again is refused and names where the partition stands"))
            #expect(found.contains("of writers that race for the same range exactly one wins, round after round"))
            #expect(!found.contains("successive ranges move a partition on"))
        }

        @Test("on a sink whose fence looks only below")
        func halfFence() async {
            let found = await Mutant.$active.withValue(.fenceOnlyFromBelow) {
                await brokenPromises(of: PredictionSinkContract.checks) {
                    StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco)
                }
            }
            #expect(
                found == [
                    "a range that begins above the stored position is refused",
                    "updates that do not follow the partition's last one are refused, though the range fits",
                ])
        }

        @Test("on a store that compares no versions")
        func noVersions() async {
            let found = await Mutant.$active.withValue(.noVersionCheck) {
                await brokenPromises(of: TransactionalStoreContract.checks) {
                    let store = InMemoryStore(domain: .telco)
                    return StoreUnderTest(
                        store: store, domain: .telco, updateFeature: { await store.updateFeatures(of: $0, [$1]) })
                }
            }
            #expect(found.count >= 3, "only \(found)")
            #expect(
                found.contains("of writers in many partitions that race for one customer's version exactly one wins"))
        }

        @Test("on a store that does not notice other programs")
        func noTrigger() async {
            let found = await Mutant.$active.withValue(.triggerIgnored) {
                await brokenPromises(of: TransactionalStoreContract.checks) {
                    let store = InMemoryStore(domain: .telco)
                    return StoreUnderTest(
                        store: store, domain: .telco, updateFeature: { await store.updateFeatures(of: $0, [$1]) })
                }
            }
            #expect(
                found == [
                    "another program's change of a feature raises the version, and a batch that read before it conflicts"
                ])
        }

        @Test("on a store that drops rejections")
        func droppedRejections() async {
            let found = await Mutant.$active.withValue(.rejectionSkipped) {
                await brokenPromises(of: DeadLetterStoreContract.checks) {
                    StoreUnderTest(store: InMemoryStore(domain: .telco), domain: .telco)
                }
            }
            #expect(found.count >= 6, "only \(found)")
        }
    #endif

    @Test(
        "on a store that breaks one of the rules for several writers",
        arguments: [
            (.pinForgotten, "first positions are stored, and a batch goes on there and nowhere else"),
            (.turnForAll, "one process has the turn until it gives it back or its time is over"),
            (
                .unchangedNotCompared,
                "a customer that another writer moved conflicts, even where the batch leaves it as it is"
            ),
            (.numbersRepeated, "event numbers are never given twice, however many ask at once"),
        ] as [(StoreFront.Defect, String)])
    func severalWriters(_ defect: StoreFront.Defect, _ promise: String) async {
        let sink = await brokenPromises(of: PredictionSinkContract.checks) {
            StoreUnderTest(store: StoreFront(base: InMemoryStore(domain: .telco), defect: defect), domain: .telco)
        }
        let store = await brokenPromises(of: TransactionalStoreContract.checks) {
            StoreUnderTest(store: StoreFront(base: InMemoryStore(domain: .telco), defect: defect), domain: .telco)
        }
        #expect(sink.union(store).contains(promise), "\(sink.union(store).sorted())")
    }

    @Test("on an update log that forgets without saying so")
    func silentGap() async {
        let found = await brokenPromises(of: UpdateLogContract.checks) {
            var configuration = InMemoryStore.Configuration()
            configuration.updateBlocksKept = 1
            return StoreUnderTest(
                store: SilentLog(base: InMemoryStore(domain: .telco, configuration: configuration)), domain: .telco)
        }
        #expect(found.contains("blocks come back in order with every number, frame and predecessor"))
    }

    @Test("on a predictor whose scores depend on the batch")
    func moodyPredictor() async {
        let found = await brokenPromises(of: PredictorContract.checks) {
            PredictorUnderTest(predictor: MoodyPredictor(), domain: .telco)
        }
        #expect(found.contains("a batch of one and a batch of thousands give the same bits"))
        #expect(found.contains("scores are in the order of the rows"))
        #expect(found.contains("a row with another number of features is refused, and the predictor goes on"))
        #expect(!found.contains("there is one score for each row, between 0 and 1"))
    }

    @Test("on a broadcaster that passes blocks on in another order")
    func reorderingBroadcaster() async {
        let found = await brokenPromises(of: BroadcasterContract.checks) {
            let received = Received()
            return BroadcasterUnderTest(
                broadcaster: InMemoryBroadcaster(handler: { received.insert($0) }), received: { received.blocks })
        }
        #expect(found == ["a listener that keeps up gets blocks whole and in order"])
    }

    @Test("on a source that repeats an event")
    func stammeringSource() async {
        let found = await brokenPromises(of: EventSourceContract.checks) {
            let log = InMemoryEventLog(partitions: 2)
            return EventSourceUnderTest(
                stream: log.name, partitions: [0, 1], domain: .telco,
                withSource: { use in
                    try await use(
                        StammeringSource(base: InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco))))
                }, append: { log.append(key: $1, value: $2, partition: $0).offset }, finish: { log.finish() })
        }
        #expect(found.contains("every record is delivered once, in order within its partition, in ranges that touch"))
    }

    @Test("in a time that is bounded, when the subject never answers")
    func silentSubject() async {
        let check = ContractCheck<Int>("something answers") { _, _ in
            while !Task.isCancelled { await Task.yield() }
        }
        let violations = await check.violations(timeLimit: .milliseconds(50), of: { 1 })
        #expect(violations.first?.message.contains("no answer within") == true)
    }

    @Test("with the promise, what was seen and where, in one line")
    func message() async {
        let check = ContractCheck<Int>("one is two") { subject, findings in
            findings.expectEqual(subject, 2, "the subject")
        }
        let description = (await check.violations(of: { 1 })).first?.description ?? ""
        #expect(description.contains("\"one is two\" is not kept: the subject is 1, expected 2"))
        #expect(description.contains("BrokenFakeTests.swift:"))
    }
}
