import ChurnCore
import ChurnTesting
import Testing

@Suite("A manual clock")
struct ManualClockTests {
    private final class Woken: Sendable {
        private let stored = Locked<[Int]>([])
        var all: [Int] { self.stored.withLock { $0 } }
        func append(_ seconds: Int) { self.stored.withLock { $0.append(seconds) } }
    }

    @Test("wakes sleepers when their time has come, the earliest first, and no others")
    func order() async throws {
        let clock = ManualClock()
        let woken = Woken()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seconds in [3, 1, 2, 9] {
                group.addTask {
                    try await clock.sleep(for: .seconds(seconds))
                    woken.append(seconds)
                }
            }
            await clock.waitForSleepers(4)
            #expect(woken.all.isEmpty)
            clock.advance(by: .seconds(1))
            while woken.all.count < 1 { await Task.yield() }
            clock.advance(by: .seconds(2))
            while woken.all.count < 3 { await Task.yield() }
            #expect(Set(woken.all) == [1, 2, 3])
            #expect(clock.sleeperCount == 1)
            #expect(clock.advanceToNextSleeper())
            try await group.waitForAll()
        }
        #expect(clock.now.offset == .seconds(9))
        #expect(!clock.advanceToNextSleeper())
    }

    @Test("does not keep a sleeper whose time has already come")
    func past() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: ManualClock.Instant(offset: .seconds(5)))
        #expect(clock.sleeperCount == 0)
    }

    @Test("lets a cancelled sleeper go at once")
    func cancellation() async {
        let clock = ManualClock()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await clock.sleep(for: .seconds(1))
                    return false
                } catch {
                    return error is CancellationError
                }
            }
            await clock.waitForSleepers()
            group.cancelAll()
            #expect(await group.next() == true)
        }
        #expect(clock.sleeperCount == 0)
    }

    @Test("never goes back")
    func monotonic() {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        clock.advance(to: ManualClock.Instant(offset: .seconds(2)))
        #expect(clock.now.offset == .seconds(5))
    }

    @Test("that advances itself makes long waits take no time")
    func autoAdvancing() async throws {
        let clock = ManualClock(autoAdvancing: true)
        for _ in 0..<10 { try await clock.sleep(for: .seconds(3600)) }
        #expect(clock.now.offset == .seconds(36_000))
    }
}
