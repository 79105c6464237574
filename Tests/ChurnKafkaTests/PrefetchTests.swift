import ChurnCore
import Testing

@testable import ChurnKafka

@Suite("Prefetch")
struct PrefetchTests {
    private static let limits = Prefetch.Limits(
        batchSize: 10, batchBytes: 1_000, linger: .milliseconds(50), records: 40, bytes: 2_000)

    private func load(_ partition: Int32, _ offsets: Range<Int64>, bytes: Int = 0) -> Prefetch.Load {
        let stream = StreamIdentity(name: StreamName(cluster: "c", topic: "t"))
        let lane = StreamPartition(stream: stream, partition: partition)
        var load = Prefetch.Load()
        for offset in offsets {
            load.rejections.append(
                Rejection(
                    record: Record(
                        position: StreamPosition(partition: lane, offset: offset), key: nil,
                        value: Array(repeating: 0, count: bytes), time: Timestamp(microseconds: 0)),
                    code: .invalidJSON, reason: ""))
        }
        load.bytes = bytes * offsets.count
        load.ranges = [OffsetRange(partition: lane, from: offsets.lowerBound, to: offsets.upperBound)]
        return load
    }

    private func batch(_ found: Prefetch.Found) -> EventBatch? {
        if case .batch(let batch) = found { batch } else { nil }
    }

    @Test("a batch is handed out when its oldest record has waited the linger, and not before")
    func lingers() {
        let prefetch = Prefetch(Self.limits)
        let start = ContinuousClock.now + .seconds(1_000)
        prefetch.append(self.load(0, 0..<3), now: start)
        prefetch.append(self.load(0, 3..<5), now: start + .milliseconds(40))
        #expect(self.batch(prefetch.take(now: start + .milliseconds(49))) == nil)
        #expect(prefetch.room(now: start + .milliseconds(49)).gathering == .milliseconds(1))
        let batch = self.batch(prefetch.take(now: start + .milliseconds(50)))
        #expect(batch?.ranges.map(\.from) == [0])
        #expect(batch?.ranges.map(\.to) == [5])
    }

    @Test("a full batch does not wait, by count and by bytes", arguments: [(10, 0), (4, 300)])
    func closesWhenFull(count: Int64, bytes: Int) {
        let prefetch = Prefetch(Self.limits)
        prefetch.append(self.load(0, 0..<count, bytes: bytes), now: .now)
        #expect(self.batch(prefetch.take(now: .now))?.rejections.count == Int(count))
    }

    @Test("reading pauses at the limit and goes on at half of it", arguments: [0, 50])
    func pauses(bytes: Int) {
        let prefetch = Prefetch(Self.limits)
        var offset: Int64 = 0
        while prefetch.room(now: .now).records > 0 {
            prefetch.append(self.load(0, offset..<offset + 10, bytes: bytes), now: .now)
            offset += 10
        }
        #expect(offset == 40)
        _ = prefetch.take()
        #expect(prefetch.room(now: .now).records == 0)
        _ = prefetch.take()
        #expect(prefetch.room(now: .now).records == 10)
    }

    @Test("what leaves takes its records, ranges and room with it")
    func drops() {
        let prefetch = Prefetch(Self.limits)
        prefetch.append(self.load(0, 0..<4, bytes: 10), now: .now)
        prefetch.append(self.load(1, 0..<6, bytes: 10), now: .now)
        prefetch.append(self.load(1, 6..<9, bytes: 10), now: .now)
        prefetch.drop([1])
        #expect(prefetch.size == (4, 40))
        let batch = self.batch(prefetch.take(now: .now + .seconds(1)))
        #expect(batch?.ranges.map(\.partition.partition) == [0])
        #expect(self.batch(prefetch.take(now: .now + .seconds(1))) == nil)
    }

    @Test("a failure is told once, the end for ever")
    func tellsFailures() {
        let prefetch = Prefetch(Self.limits)
        prefetch.fail(ChurnError(.sourceUnavailable, .retry, during: "reading"))
        guard case .failure = prefetch.take(), case .nothing = prefetch.take() else {
            Issue.record("the failure was not told once")
            return
        }
        prefetch.end(because: ChurnError(.sourceUnavailable, .fatal, during: "reading"))
        prefetch.end()
        for _ in 0..<2 {
            guard case .end(let error?) = prefetch.take() else {
                Issue.record("the end was not told")
                return
            }
            #expect(error.disposition == .fatal)
        }
    }

    @Test("statistics give what becomes metrics, and anything else gives nothing")
    func statistics() {
        let json = """
            {"rx_bytes": 99, "brokers": {"a:1/1": {"state": "UP", "nodeid": 1}, "b:1/2": {"state": "DOWN", "nodeid": 2},
            "a:1/bootstrap": {"state": "UP", "nodeid": -1}},
            "topics": {"t": {"partitions": {"0": {"fetchq_cnt": 3}, "1": {"fetchq_cnt": 4}, "-1": {}}}}}
            """
        #expect(ClientStatistics(json: json)?.brokersUp == 1)
        #expect(ClientStatistics(json: json)?.fetchQueue == 7)
        #expect(ClientStatistics(json: json)?.receivedBytes == 99)
        #expect(ClientStatistics(json: "[]") == nil)
        #expect(ClientStatistics(json: "") == nil)
    }
}
