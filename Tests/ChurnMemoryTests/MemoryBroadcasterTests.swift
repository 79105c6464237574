import ChurnCore
import ChurnMemory
import Testing

/// Collects what a broadcaster hands on.
final class Received: Sendable {
    private let stored = Locked<[UpdateBlock]>([])
    var blocks: [UpdateBlock] { self.stored.withLock { $0 } }
    func append(_ blocks: [UpdateBlock]) { self.stored.withLock { $0 += blocks } }
}

@Suite("The in-memory broadcaster")
struct MemoryBroadcasterTests {
    private func block(_ number: Int64) -> UpdateBlock {
        UpdateBlock(
            partition: StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "local", topic: "t")), partition: 0),
            previous: number == 0 ? nil : number - 1, numbers: [number], bytes: [UInt8(number % 100)], ends: [1])
    }

    @Test("hands every publication to every stream, in order, and ends them when it is finished")
    func everyStream() async {
        let broadcaster = InMemoryBroadcaster()
        let streams = [broadcaster.publications(), broadcaster.publications()]
        for number in Int64(0)..<5 { broadcaster.publish([self.block(number)]) }
        broadcaster.finish()
        for stream in streams {
            var numbers: [Int64] = []
            for await blocks in stream { numbers += blocks.flatMap(\.numbers) }
            #expect(numbers == [0, 1, 2, 3, 4])
        }
    }

    @Test("drops a slow reader's oldest publications instead of waiting for it")
    func slowReader() async {
        let broadcaster = InMemoryBroadcaster()
        let stream = broadcaster.publications(bufferedAtMost: 3)
        for number in Int64(0)..<100 { broadcaster.publish([self.block(number)]) }
        broadcaster.finish()
        var numbers: [Int64] = []
        for await blocks in stream { numbers += blocks.flatMap(\.numbers) }
        #expect(numbers == [97, 98, 99])
    }
}
