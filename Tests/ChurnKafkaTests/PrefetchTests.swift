import ChurnCore
import Testing

@testable import ChurnKafka

@Suite("Prefetch")
struct PrefetchTests {
    private static let limits = PrefetchQueue.Limits(
        batchSize: 10, batchBytes: 10_000, linger: .milliseconds(50), records: 40, bytes: 40_000)

    /// Records of this size each, or the smallest.
    private func load(
        _ partition: Int32, _ offsets: Range<Int64>, bytes: Int = DecodedRecord.overhead
    ) -> Prefetch.Load {
        let stream = StreamIdentity(name: StreamName(cluster: "c", topic: "t"))
        let lane = StreamPartition(stream: stream, partition: partition)
        var load = Prefetch.Load()
        for offset in offsets {
            load.add(
                .rejected(
                    Rejection(
                        record: Record(
                            position: StreamPosition(partition: lane, offset: offset), key: nil,
                            value: Array(repeating: 0, count: bytes - DecodedRecord.overhead),
                            time: Timestamp(microseconds: 0)),
                        code: .invalidJSON, reason: "")))
        }
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

    @Test("a full batch does not wait, by count and by bytes", arguments: [(10, 512), (4, 3_000)])
    func closesWhenFull(count: Int64, bytes: Int) {
        let prefetch = Prefetch(Self.limits)
        prefetch.append(self.load(0, 0..<count, bytes: bytes), now: .now)
        #expect(self.batch(prefetch.take(now: .now))?.rejections.count == Int(count))
    }

    @Test("reading pauses at the limit and goes on at half of it", arguments: [512, 1_000])
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
        prefetch.append(self.load(0, 0..<4, bytes: 600), now: .now)
        prefetch.append(self.load(1, 0..<6, bytes: 600), now: .now)
        prefetch.append(self.load(1, 6..<9, bytes: 600), now: .now)
        prefetch.drop([1])
        #expect(prefetch.size == (4, 2_400))
        let batch = self.batch(prefetch.take(now: .now + .seconds(1)))
        #expect(batch?.ranges.map(\.partition.partition) == [0])
        #expect(self.batch(prefetch.take(now: .now + .seconds(1))) == nil)
    }

    @Test("everything of a record counts: key, value, headers and what each of them takes besides")
    func sizes() {
        let headers = [
            RecordHeader(name: "trace", value: Array(repeating: 1, count: 1_000)), RecordHeader(name: "", value: nil),
        ]
        let partition = StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t")), partition: 0)
        let record = Record(
            position: StreamPosition(partition: partition, offset: 0), key: [1, 2], value: [1, 2, 3], headers: headers,
            time: Timestamp(microseconds: 0))
        let event = CustomerEvent(
            position: record.position, customerID: "c", type: EventType(rawValue: "e"), time: record.time,
            recordTime: record.time, json: [1, 2, 3])
        let size = DecodedRecord.overhead + 2 + 3 + 5 + 1_000 + 2 * 64
        #expect(DecodedRecord.rejected(Rejection(record: record, code: .invalidJSON, reason: "")).size == size)
        #expect(DecodedRecord.event(EventBatch.Entry(event: event, key: [1, 2], headers: headers)).size == size)
    }

    @Test("the room says how many bytes are left of the batch and of the prefetch")
    func room() {
        var queue = PrefetchQueue(Self.limits)
        #expect(queue.room(now: .now).bytes == 10_000)
        queue.append(self.load(0, 0..<3, bytes: 3_000), now: .now)
        #expect(queue.room(now: .now).bytes == 1_000)
        for first in [3, 6, 9] as [Int64] {
            queue.append(self.load(0, first..<first + 1, bytes: 1_000), now: .now)
            queue.append(self.load(0, first + 1..<first + 3, bytes: 4_500), now: .now)
        }
        #expect(queue.bytes == 39_000)
        #expect(queue.room(now: .now).bytes == 1_000)
    }

    @Test("the end is reported again and again, with its first reason")
    func reportsTheEnd() {
        let prefetch = Prefetch(Self.limits)
        prefetch.end(because: ChurnError(.sourceUnavailable, .fatal, during: "reading"))
        prefetch.end()
        for _ in 0..<2 {
            guard case .end(let error?) = prefetch.take() else {
                Issue.record("the end was not reported")
                return
            }
            #expect(error.disposition == .fatal)
        }
    }

    @Test("a wait ends with news, also with those of before, and with the task", .timeLimit(.minutes(1)))
    func waits() async throws {
        let prefetch = Prefetch(Self.limits)
        prefetch.append(self.load(0, 0..<10), now: .now)
        await prefetch.wait()
        let waiting = Task { await prefetch.wait() }
        prefetch.ask(Assignment.Question(id: 1, kind: .positions([0])))
        await waiting.value
        prefetch.withdraw(2)
        guard case .question = prefetch.take() else {
            Issue.record("the question is gone")
            return
        }
        prefetch.withdraw(1)
        #expect(self.batch(prefetch.take()) != nil)
        let cancelled = Task { await prefetch.wait() }
        cancelled.cancel()
        await cancelled.value
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
