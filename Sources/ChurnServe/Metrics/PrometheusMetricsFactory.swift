import ChurnCore
public import Metrics

/// Keeps metrics in memory and writes them in Prometheus' text format.
///
/// Counters are counters, meters and gauges are gauges, recorders and timers are histograms (timers in seconds). The
/// number of series is bounded: what exceeds it is counted, and dropped.
public final class PrometheusMetricsFactory: MetricsFactory {
    private let registry: PrometheusRegistry
    private let beforeReading = Locked<[@Sendable () -> Void]>([])

    /// Creates a factory.
    ///
    /// - Parameter maximumSeries: the most series (a name with its labels) that are kept.
    public init(maximumSeries: Int = 5_000) { self.registry = PrometheusRegistry(maximumSeries: maximumSeries) }

    /// All metrics in Prometheus' text format, version 0.0.4.
    public func text() -> String {
        for update in self.beforeReading.withLock({ $0 }) { update() }
        return self.registry.text()
    }

    /// Has `update` called before the metrics are read, for gauges that change by themselves, such as an age.
    public func whenRead(_ update: @escaping @Sendable () -> Void) { self.beforeReading.withLock { $0.append(update) } }

    /// Makes a counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.registry.series(.counter, label, dimensions, make: PrometheusCounter.init)
    }

    /// Makes a counter of fractions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.registry.series(.counter, label, dimensions, make: PrometheusCounter.init)
    }

    /// Makes a gauge that can rise and fall.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.registry.series(.gauge, label, dimensions, make: PrometheusGauge.init)
    }

    /// Makes a histogram, or a gauge where the values are not to be aggregated.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else {
            return self.registry.series(.gauge, label, dimensions, make: PrometheusGauge.init)
        }
        return self.registry.series(.histogram, label, dimensions) {
            PrometheusHistogram(bounds: PrometheusHistogram.countBounds)
        }
    }

    /// Makes a histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.registry.series(.histogram, label + ".seconds", dimensions) {
            PrometheusHistogram(bounds: PrometheusHistogram.secondsBounds)
        }
    }

    /// Does nothing: a counter that was made again would seem to have started again.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Does nothing: a counter that was made again would seem to have started again.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}

    /// Ends a gauge's series.
    public func destroyMeter(_ handler: any MeterHandler) {
        if let gauge = handler as? PrometheusGauge { self.registry.remove(gauge) }
    }

    /// Ends a gauge's series; a histogram's lives on, for it would seem to have started again.
    public func destroyRecorder(_ handler: any RecorderHandler) {
        if let gauge = handler as? PrometheusGauge { self.registry.remove(gauge) }
    }

    /// Does nothing: a histogram that was made again would seem to have started again.
    public func destroyTimer(_ handler: any TimerHandler) {}
}
