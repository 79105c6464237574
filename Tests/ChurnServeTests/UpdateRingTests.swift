import ChurnCore
import NIOCore
import Testing

@testable import ChurnServe

@Suite struct UpdateRingTests {
    private let key = StreamPartition(stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t")), partition: 0)

    private func segments(_ previous: Int64?, _ numbers: [Int64]) -> [UpdateSegment] {
        UpdateSegment.encode(FeedText.block(self.key, previous: previous, numbers: numbers), partition: 0)
    }

    private func ring(frames: Int = 100, seen: Int64? = nil) -> UpdateRing {
        var ring = UpdateRing(limits: UpdateRing.Limits(frames: frames, bytes: 1 << 20))
        ring.start(after: UpdateCursor(seen: seen.map { [self.key: $0] } ?? [:]))
        _ = ring.index(of: self.key)
        return ring
    }

    @Test("blocks that follow each other are appended, repeated ones are known, and a hole is reported")
    func chain() {
        var ring = self.ring()
        #expect(ring.append(self.segments(nil, [0, 1]), isFromLog: false) == .appended)
        #expect(ring.append(self.segments(nil, [0, 1]), isFromLog: false) == .known)
        #expect(ring.append(self.segments(5, [6, 7]), isFromLog: false) == .hole)
        #expect(ring.append(self.segments(1, [3, 5]), isFromLog: false) == .appended)
        #expect(ring.append(self.segments(5, [6, 7]), isFromLog: false) == .appended)
        #expect(ring.heads == [7])
    }

    @Test("a block that begins before the end is appended from there")
    func overlap() {
        var ring = self.ring(seen: 3)
        #expect(ring.append(self.segments(1, [2, 3, 4, 5]), isFromLog: false) == .appended)
        let found = ring.segments(from: ring.start, bytes: .max)?.segments ?? []
        #expect(found.map(\.first) == [4])
        #expect(found.map(\.previous) == [3])
        #expect(found.first?.numbers == [4, 5][...])
        var bytes = Array(found[0].wire.readableBytesView)[...]
        #expect(WebSocketClient.popFrame(&bytes)?.payload == Array(FeedText.frame(partition: 0, number: 4).utf8))
    }

    @Test("the ring keeps this many frames, and knows to whom it still reaches back")
    func eviction() {
        var ring = self.ring(frames: 4)
        for number in Int64(0)..<10 {
            _ = ring.append(self.segments(number == 0 ? nil : number - 1, [number]), isFromLog: false)
        }
        #expect(ring.start == 6)
        #expect(ring.end == 10)
        #expect(ring.segments(from: 5, bytes: .max) == nil)
        #expect(ring.reachesBack(to: [5]))
        #expect(!ring.reachesBack(to: [4]))
        #expect(!ring.reachesBack(to: []))
    }

    @Test("a large block becomes segments of whole frames, which bytes bound")
    func segmentation() {
        let block = FeedText.block(self.key, previous: nil, numbers: Array(0..<300), padding: 1000)
        let segments = UpdateSegment.encode(block, partition: 0)
        #expect(segments.count > 3)
        #expect(segments.allSatisfy { $0.wire.readableBytes < UpdateSegment.targetBytes + 2000 })
        #expect(segments.flatMap { Array($0.numbers) } == Array(0..<300))
        #expect(zip(segments.dropFirst(), segments).allSatisfy { $0.previous == $1.last })
        var ring = UpdateRing(limits: UpdateRing.Limits(frames: 10_000, bytes: 200_000))
        _ = ring.index(of: self.key)
        _ = ring.append(segments, isFromLog: false)
        #expect(ring.start > 0)
    }
}
