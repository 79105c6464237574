import ChurnCore
import Testing

@testable import ChurnCore

@Suite("What the pipeline knows without asking")
struct PipelineMemoryTests {
    private static let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "test", topic: "events")), partition: 0)

    private static func trace(_ ids: String..., version: Int64 = 1, to offset: Int64 = 1) -> PipelineMemory.Trace {
        PipelineMemory.Trace(
            customers: ids.map { KnownCustomer(state: CustomerState(id: $0, features: [], version: version)) },
            positions: [Self.partition: StoredPosition(nextOffset: offset, lastUpdate: offset - 1)])
    }

    private static func written(_ traces: PipelineMemory.Trace..., capacity: Int = 10) -> PipelineMemory {
        var memory = PipelineMemory(capacity: capacity)
        for trace in traces {
            memory.stage(trace)
            memory.commit()
        }
        return memory
    }

    private static func versions(_ memory: PipelineMemory) -> [String: Int64] {
        memory.customers(["a", "b", "c", "d", "e"]).mapValues(\.state.version)
    }

    @Test("are the customers as they were written last")
    func known() {
        let memory = Self.written(Self.trace("a", "b"), Self.trace("a", version: 2))
        #expect(Self.versions(memory) == ["a": 2, "b": 1])
    }

    @Test("is no more than asked for; the longest unwritten go first")
    func bounded() {
        let memory = Self.written(Self.trace("a", "b", "c", "d", "e"), capacity: 4)
        #expect(Self.versions(memory).keys.sorted() == ["c", "d", "e"])
        #expect(Self.written(Self.trace("a"), capacity: 0).customers(["a"]).isEmpty)
    }

    @Test("sees what the batch in flight will leave behind, and drops it unless it is written")
    func staged() {
        for capacity in [0, 10] {
            var memory = Self.written(Self.trace("a"), capacity: capacity)
            memory.stage(Self.trace("a", "b", version: 5))
            #expect(Self.versions(memory) == ["a": 5, "b": 5])
            memory.forget()
            #expect(Self.versions(memory).isEmpty)
        }
    }

    @Test("knows where a partition stands only exactly there")
    func positions() {
        var memory = Self.written(Self.trace("a", to: 7))
        func range(_ from: Int64) -> OffsetRange { OffsetRange(partition: Self.partition, from: from, to: 99) }
        #expect(memory.position(before: range(7))?.lastUpdate == 6)
        #expect(memory.position(before: range(8)) == nil)
        memory.stage(Self.trace("a", to: 9))
        #expect(memory.position(before: range(9))?.lastUpdate == 8)
        #expect(memory.position(before: range(7)) == nil)
        memory.forget()
        #expect(memory.position(before: range(7)) == nil)
    }

    @Test("ids are looked up for some batches after one came again")
    func repeats() {
        var memory = Self.written(Self.trace("a"))
        #expect(!memory.hasRepeats)
        memory.forget(after: .keys)
        for _ in 0..<PipelineMemory.carefulBatches {
            #expect(memory.hasRepeats)
            memory.stage(Self.trace("a"))
            memory.commit()
        }
        #expect(!memory.hasRepeats)
    }

    @Test(
        "turns are taken after a conflict over many of a batch's customers, not over one among many",
        arguments: [(1, 20, false), (2, 20, true), (1, 1, true), (0, 0, false)])
    func contention(moved: Int, count: Int, isContended: Bool) {
        var memory = Self.written(Self.trace("a"))
        #expect(!memory.isContended)
        memory.forget(after: .customers(moved: moved, of: count))
        #expect(memory.isContended == isContended)
        memory.leaveTurns()
        #expect(!memory.isContended)
    }

    @Test("a turn begins without the customers of before, and says whether others moved them")
    func turns() {
        var memory = Self.written(Self.trace("a"))
        memory.forget(after: .customers(moved: 1, of: 1))
        // Nothing is remembered after the conflict, so the first turn says nothing.
        memory.beganTurn()
        var trace = Self.trace("a")
        trace.readVersions = [trace.customers[0].state.version + 3]
        memory.stage(trace)
        memory.commit()
        #expect(memory.isContended)
        memory.beganTurn()
        #expect(memory.customers(["a"]).isEmpty)
        memory.stage(trace)
        #expect(memory.isContended)
        #expect(memory.customers(["a"]).count == 1)
        memory.commit()
        memory.beganTurn()
        trace.readVersions = [trace.customers[0].state.version]
        memory.stage(trace)
        #expect(!memory.isContended)
    }
}
