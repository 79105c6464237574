import NIOCore
import Testing

@testable import ChurnServe

@Suite struct SocketClockTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func clock() -> SocketClock { SocketClock(limits: ServerLimits(), now: self.start) }

    @Test("a client is pinged every 20 seconds as long as it answers")
    func pings() {
        var clock = self.clock()
        #expect(clock.tick(now: self.start + .seconds(19)) == nil)
        #expect(clock.tick(now: self.start + .seconds(20)) == .ping)
        clock.received(now: self.start + .seconds(21))
        let wasAsked = clock.receivedPong()
        #expect(wasAsked)
        #expect(clock.tick(now: self.start + .seconds(39)) == nil)
        #expect(clock.tick(now: self.start + .seconds(40)) == .ping)
    }

    @Test("a client that does not answer a ping within 10 seconds is closed")
    func missingPong() {
        var clock = self.clock()
        #expect(clock.tick(now: self.start + .seconds(20)) == .ping)
        #expect(clock.tick(now: self.start + .seconds(29)) == nil)
        #expect(clock.tick(now: self.start + .seconds(30)) == .close(.tooSlow, "ping not answered"))
    }

    @Test("a client that sends nothing for 60 seconds is closed")
    func idle() {
        var clock = self.clock()
        clock.setFull(true, now: self.start + .seconds(55))
        #expect(clock.tick(now: self.start + .seconds(60)) == .close(.tooSlow, "idle"))
    }

    @Test("a socket that stays full for 10 seconds is closed, and one that has room in between is not")
    func stall() {
        var clock = self.clock()
        clock.setFull(true, now: self.start)
        clock.setFull(true, now: self.start + .seconds(5))
        #expect(clock.tick(now: self.start + .seconds(9)) == nil)
        #expect(clock.tick(now: self.start + .seconds(10)) == .close(.tooSlow, "does not keep up"))
        clock.setFull(false, now: self.start + .seconds(11))
        clock.setFull(true, now: self.start + .seconds(12))
        #expect(clock.tick(now: self.start + .seconds(13)) == nil)
    }

    @Test("a connection ends at its maximum age")
    func age() {
        var clock = self.clock()
        let end = self.start + .hours(12)
        clock.received(now: end)
        #expect(clock.tick(now: end) == .close(.goingAway, "maximum age reached"))
    }

    @Test("an unasked-for pong is distinguished from an answer")
    func unaskedPong() {
        var clock = self.clock()
        let wasAsked = clock.receivedPong()
        #expect(!wasAsked)
    }

    @Test("a bucket gives its number at once, then this many a second")
    func bucket() {
        var bucket = TokenBucket(perSecond: 10, now: self.start)
        let taken = (0..<12).count { _ in bucket.take(now: self.start) }
        #expect(taken == 10)
        let later = (0..<12).count { _ in bucket.take(now: self.start + .milliseconds(350)) }
        #expect(later == 3)
    }
}
