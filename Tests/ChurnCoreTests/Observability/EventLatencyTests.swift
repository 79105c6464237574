import CoreMetrics
import Testing

@testable import ChurnCore

@Suite struct EventLatencyTests {
    private static let now = Timestamp(microseconds: 1_700_000_000_000_000)

    /// An event whose record was that many microseconds ago; a duplicate has no score.
    private static func event(_ microseconds: Int64, isDuplicate: Bool = false) -> ScoredEvent {
        let stream = StreamIdentity(name: StreamName(cluster: "c", topic: "t"))
        let time = Timestamp(microseconds: Self.now.microseconds &- microseconds)
        let event = CustomerEvent(
            position: StreamPosition(partition: StreamPartition(stream: stream, partition: 0), offset: 0),
            customerID: "a", type: EventType(rawValue: "x"), time: time, recordTime: time, sourceEventID: nil, json: [],
            deadLetterID: nil)
        let prediction = Prediction(
            customerID: "a", probability: 0.5, band: .medium, model: ModelIdentity(version: "m"), stateVersion: 0,
            alert: AlertDecision(isAlert: false, becameAtRisk: false))
        return ScoredEvent(eventID: 1, event: event, prediction: isDuplicate ? nil : prediction)
    }

    @Test("durable events are recorded at once, duplicates are not, and the future counts as now")
    func durable() {
        let metrics = RecordedMetrics()
        let latency = EventLatency(metrics: metrics, now: { Self.now })
        latency.becameDurable(
            [1_500, -9_000_000, 60_000_000].map { Self.event($0) } + [Self.event(7, isDuplicate: true)])
        latency.becameDurable([])
        latency.becameDurable([Self.event(Self.now.microseconds &- .min), Self.event(Self.now.microseconds &- .max)])
        let found = metrics.values("churn.event.to.durable")
        #expect(found == [1_500_000, 0, 60_000_000_000, .max / 1_000 * 1_000, 0])
        #expect(metrics.values("churn.event.to.frame").isEmpty)
    }

    @Test("frames are recorded once, when they are with sockets, and not where there are none")
    func frames() {
        let metrics = RecordedMetrics()
        let clock = Locked(Self.now)
        let latency = EventLatency(metrics: metrics, now: { clock.withLock { $0 } })
        latency.becameDurable([Self.event(1_000)])
        latency.sent(to: 0)
        latency.becameDurable([Self.event(2_000)])
        latency.becameDurable([Self.event(3_000)])
        clock.withLock { $0 = Self.now.advanced(by: .milliseconds(1)) }
        latency.sent(to: 2)
        latency.sent(to: 2)
        #expect(metrics.values("churn.event.to.frame") == [3_000_000, 4_000_000])
    }

    @Test("without anyone who sends frames, memory stays bounded")
    func bounded() {
        let metrics = RecordedMetrics()
        let latency = EventLatency(metrics: metrics, now: { Self.now })
        let batch = [ScoredEvent](repeating: Self.event(1), count: 10_000)
        for _ in 0..<20 { latency.becameDurable(batch) }
        latency.sent(to: 1)
        #expect(metrics.values("churn.event.to.frame").count <= 65_536)
    }

    @Test("the last event's age grows by itself, and there is none before the first event")
    func age() {
        let metrics = RecordedMetrics()
        let clock = Locked(Self.now)
        let latency = EventLatency(metrics: metrics, now: { clock.withLock { $0 } })
        latency.measureAge()
        #expect(metrics.gauge("churn.last.event.age.seconds") == nil)
        latency.becameDurable([Self.event(2_000_000), Self.event(500_000)])
        latency.becameDurable([Self.event(90_000_000)])
        latency.measureAge()
        #expect(metrics.gauge("churn.last.event.age.seconds") == 0.5)
        clock.withLock { $0 = Self.now.advanced(by: .seconds(10)) }
        latency.measureAge()
        #expect(metrics.gauge("churn.last.event.age.seconds") == 10.5)
        latency.becameDurable([Self.event(-99_000_000)])
        latency.measureAge()
        #expect(metrics.gauge("churn.last.event.age.seconds") == 0)
    }
}

/// Keeps what is recorded, by label.
private final class RecordedMetrics: MetricsFactory {
    private let state = Locked<(timers: [String: [Int64]], gauges: [String: Double])>(([:], [:]))

    func values(_ label: String) -> [Int64] { self.state.withLock { $0.timers[label] ?? [] } }
    func gauge(_ label: String) -> Double? { self.state.withLock { $0.gauges[label] } }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Timer { value in self.state.withLock { $0.timers[label, default: []].append(value) } }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Gauge { value in self.state.withLock { $0.gauges[label] = value } }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func destroyTimer(_ handler: any TimerHandler) {}
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}

    private final class Timer: TimerHandler {
        let record: @Sendable (Int64) -> Void
        init(_ record: @escaping @Sendable (Int64) -> Void) { self.record = record }
        func recordNanoseconds(_ duration: Int64) { self.record(duration) }
    }

    private final class Gauge: MeterHandler {
        let record: @Sendable (Double) -> Void
        init(_ record: @escaping @Sendable (Double) -> Void) { self.record = record }
        func set(_ value: Int64) { self.record(Double(value)) }
        func set(_ value: Double) { self.record(value) }
        func increment(by amount: Double) {}
        func decrement(by amount: Double) {}
    }
}
