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
}
