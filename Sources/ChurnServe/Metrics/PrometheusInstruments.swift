import ChurnCore
import Metrics
import Synchronization

/// Something that Prometheus reads.
protocol PrometheusInstrument: AnyObject, Sendable {
    /// Appends the instrument's lines.
    func write(name: String, labels: [(String, String)], to text: inout String)
}

/// A number that rises.
final class PrometheusCounter: PrometheusInstrument, CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fraction = Locked(0.0)

    func increment(by amount: Int64) {
        if amount > 0 { self.whole.wrappingAdd(amount, ordering: .relaxed) }
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        self.fraction.withLock { $0 += amount }
    }

    func reset() {
        self.whole.store(0, ordering: .relaxed)
        self.fraction.withLock { $0 = 0 }
    }

    func write(name: String, labels: [(String, String)], to text: inout String) {
        let whole = self.whole.load(ordering: .relaxed)
        let fraction = self.fraction.withLock { $0 }
        let value = fraction == 0 ? "\(whole)" : "\(Double(whole) + fraction)"
        PrometheusText.append(name, labels, value, to: &text)
    }
}

/// A number that rises and falls.
final class PrometheusGauge: PrometheusInstrument, MeterHandler, RecorderHandler {
    private let value = Locked(0.0)

    func set(_ value: Int64) { self.set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { self.value.withLock { $0 += amount } }
    func decrement(by amount: Double) { self.value.withLock { $0 -= amount } }
    func record(_ value: Int64) { self.set(Double(value)) }
    func record(_ value: Double) { self.set(value) }

    func write(name: String, labels: [(String, String)], to text: inout String) {
        PrometheusText.append(name, labels, PrometheusText.number(self.value.withLock { $0 }), to: &text)
    }
}

/// The number of values below each bound.
final class PrometheusHistogram: PrometheusInstrument, RecorderHandler, EventLatency.BatchTimerHandler {
    /// From a quarter of a millisecond to a minute.
    static let secondsBounds = [
        0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// For sizes and counts.
    static let countBounds: [Double] = [
        1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 100_000, 1_000_000, 10_000_000,
    ]

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Locked<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        self.state = Locked(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { self.record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = self.bounds.firstIndex { value <= $0 } ?? self.bounds.count
        self.state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { self.record(Double(duration) / 1e9) }

    func recordNanoseconds(count: Int, _ duration: (Int) -> Int64) {
        self.state.withLock { state in
            for index in 0..<count {
                let value = Double(duration(index)) / 1e9
                state.counts[self.bounds.firstIndex { value <= $0 } ?? self.bounds.count] += 1
                state.sum += value
            }
        }
    }

    func write(name: String, labels: [(String, String)], to text: inout String) {
        let (counts, sum) = self.state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < self.bounds.count ? PrometheusText.number(self.bounds[index]) : "+Inf"
            PrometheusText.append(name + "_bucket", labels + [("le", bound)], "\(total)", to: &text)
        }
        PrometheusText.append(name + "_sum", labels, PrometheusText.number(sum), to: &text)
        PrometheusText.append(name + "_count", labels, "\(total)", to: &text)
    }
}
