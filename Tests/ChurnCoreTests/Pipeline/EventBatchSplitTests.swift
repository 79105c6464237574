import Testing

@testable import ChurnCore

@Suite("Splitting a batch")
struct EventBatchSplitTests {
    private func partition(_ number: Int32) -> StreamPartition {
        StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "test", topic: "events")), partition: number)
    }

    private func entry(_ partition: Int32, _ offset: Int64) -> EventBatch.Entry {
        let position = StreamPosition(partition: self.partition(partition), offset: offset)
        let time = Timestamp(microseconds: 0)
        return EventBatch.Entry(
            event: CustomerEvent(
                position: position, customerID: "u", type: EventType(rawValue: "a"), time: time, recordTime: time,
                json: []))
    }

    @Test("the halves' ranges touch and cover the whole, with every rejection in one of them", arguments: 1...4)
    func halves(count: Int) {
        let rejected = Record(
            position: StreamPosition(partition: self.partition(0), offset: 12), key: nil, value: nil,
            time: Timestamp(microseconds: 0))
        let batch = EventBatch(
            entries: [self.entry(0, 11), self.entry(1, 5), self.entry(0, 13), self.entry(1, 6), self.entry(0, 14)],
            rejections: [Rejection(record: rejected, code: .nullValue, reason: "none")],
            ranges: [
                OffsetRange(partition: self.partition(0), from: 10, to: 20),
                OffsetRange(partition: self.partition(1), from: 5, to: 8),
            ])
        let (front, back) = batch.split(at: count)
        #expect(front.entries.count == count && back.entries.count == 5 - count)
        #expect(front.rejections.count + back.rejections.count == 1)
        for half in [front, back] {
            for position in half.entries.map(\.event.position) + half.rejections.map(\.record.position) {
                #expect(
                    half.ranges.contains {
                        $0.partition == position.partition && ($0.from..<$0.to).contains(position.offset)
                    })
            }
        }
        for range in batch.ranges {
            let parts = [front, back].flatMap(\.ranges).filter { $0.partition == range.partition }
            #expect(parts.first?.from == range.from && parts.last?.to == range.to)
            #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.to == $1.from })
        }
    }

    @Test("an event and the rejections around it come apart, in order, and cover the whole")
    func parts() throws {
        func rejection(_ partition: Int32, _ offset: Int64) -> Rejection {
            Rejection(
                record: Record(
                    position: StreamPosition(partition: self.partition(partition), offset: offset), key: nil,
                    value: nil,
                    time: Timestamp(microseconds: 0)), code: .nullValue, reason: "none")
        }
        let entry = self.entry(0, 12)
        func parts(_ rejections: [Rejection], from: Int64, to: Int64) -> [EventBatch] {
            let ranges = [
                OffsetRange(partition: self.partition(0), from: from, to: to),
                OffsetRange(partition: self.partition(1), from: 5, to: 8),
            ]
            return EventBatch(entries: [entry], rejections: rejections, ranges: ranges).parts(around: entry)
        }
        let all = parts([rejection(0, 11), rejection(0, 13), rejection(1, 6)], from: 10, to: 20)
        #expect(all.map(\.entries.count) == [0, 1, 0])
        #expect(all.map { $0.rejections.map(\.record.position.offset) } == [[11, 6], [], [13]])
        let own = all.map { $0.ranges.filter { $0.partition == self.partition(0) }.map { [$0.from, $0.to] } }
        #expect(own == [[[10, 12]], [[12, 13]], [[13, 20]]])
        #expect(all.flatMap(\.ranges).filter { $0.partition == self.partition(1) }.map(\.to) == [8])
        #expect(parts([rejection(1, 6)], from: 12, to: 13).map(\.rejections.count) == [1, 0])
    }
}
