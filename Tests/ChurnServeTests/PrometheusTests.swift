import ChurnCore
import Metrics
import Testing

@testable import ChurnServe

@Suite struct PrometheusTests {
    private let factory = PrometheusMetricsFactory(maximumSeries: 5)

    @Test("counters, gauges and histograms are written in the text format")
    func format() {
        Counter(label: "churn.events", dimensions: [("kind", "a\"b\\c\nd")], factory: self.factory).increment(by: 3)
        Counter(label: "churn.events", dimensions: [("kind", "a\"b\\c\nd")], factory: self.factory).increment()
        Meter(label: "churn.lag", factory: self.factory).set(2.5)
        Timer(label: "churn.batch", factory: self.factory).recordNanoseconds(3_000_000)
        let text = self.factory.text()
        #expect(text.contains("# TYPE churn_events_total counter\n"))
        #expect(text.contains(#"churn_events_total{kind="a\"b\\c\nd"} 4"# + "\n"))
        #expect(text.contains("# TYPE churn_lag gauge\nchurn_lag 2.5\n"))
        #expect(text.contains("# TYPE churn_batch_seconds histogram\n"))
        #expect(text.contains(#"churn_batch_seconds_bucket{le="0.0025"} 0"# + "\n"))
        #expect(text.contains(#"churn_batch_seconds_bucket{le="0.005"} 1"# + "\n"))
        #expect(text.contains(#"churn_batch_seconds_bucket{le="+Inf"} 1"# + "\n"))
        #expect(text.contains("churn_batch_seconds_sum 0.003\nchurn_batch_seconds_count 1\n"))
        #expect(text.hasSuffix("churn_metrics_dropped_series_total 0\n"))
    }

    @Test("a batch of durations counts as each of them, and a gauge can be set just before it is read")
    func batches() {
        let timer = self.factory.makeTimer(label: "churn.event.to.durable", dimensions: [])
        (timer as? any EventLatency.BatchTimerHandler)?.recordNanoseconds(count: 3) {
            [1_000_000, 1_000_001, 70_000_000_000][$0]
        }
        let age = Meter(label: "churn.age", factory: self.factory)
        self.factory.whenRead { age.increment(by: 1) }
        let text = self.factory.text()
        for (bound, count) in [("0.0005", 0), ("0.001", 1), ("0.0025", 2), ("60", 2), ("+Inf", 3)] {
            #expect(text.contains("churn_event_to_durable_seconds_bucket{le=\"\(bound)\"} \(count)\n"))
        }
        #expect(text.contains("churn_event_to_durable_seconds_count 3\n"))
        #expect(text.contains("\nchurn_age 1\n"))
        #expect(self.factory.text().contains("\nchurn_age 2\n"))
    }

    @Test("labels are one series whatever their order, and a value cannot pose as two labels")
    func seriesIdentity() {
        Counter(label: "x", dimensions: [("a", "1"), ("b", "2")], factory: self.factory).increment()
        Counter(label: "x", dimensions: [("b", "2"), ("a", "1")], factory: self.factory).increment()
        Counter(label: "x", dimensions: [("a", "11:b2")], factory: self.factory).increment()
        #expect(self.factory.text().contains(#"x_total{a="1",b="2"} 2"#))
        #expect(self.factory.text().contains(#"x_total{a="11:b2"} 1"#))
    }

    @Test("series beyond the maximum work, are not shown and are counted")
    func bounded() {
        for number in 0..<9 {
            Counter(label: "many", dimensions: [("id", "\(number)")], factory: self.factory).increment()
        }
        let text = self.factory.text()
        #expect(text.split(separator: "\n").count { $0.hasPrefix("many_total{") } == 5)
        #expect(text.contains("churn_metrics_dropped_series_total 4\n"))
    }

    @Test("a name that is taken by another kind does not spoil the exposition")
    func kinds() {
        Meter(label: "same", factory: self.factory).set(1)
        Recorder(label: "same", dimensions: [], aggregate: true, factory: self.factory).record(5)
        #expect(self.factory.text().contains("# TYPE same gauge\nsame 1\n"))
        #expect(!self.factory.text().contains("same_bucket"))
    }

    @Test(
        "names keep to the grammar",
        arguments: [
            ("churn.ws.closed", "churn_ws_closed"), ("9lives", "_9lives"), ("a-b c", "a_b_c"), ("", "_"), ("é", "_"),
        ])
    func names(_ label: String, _ name: String) { #expect(PrometheusText.name(label) == name) }

    @Test(
        "numbers are written as Prometheus reads them",
        arguments: [
            (1.0, "1"), (0.5, "0.5"), (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e300, "1e+300"),
        ])
    func numbers(_ value: Double, _ text: String) { #expect(PrometheusText.number(value) == text) }

    @Test("a gauge that is destroyed ends its series, makes room and can come back")
    func endedSeries() {
        func lag(_ partition: Int) -> Gauge {
            Gauge(label: "churn.source.lag", dimensions: [("partition", "\(partition)")], factory: self.factory)
        }
        let (first, second) = (lag(0), lag(1))
        first.record(5)
        second.record(6)
        first.destroy()
        #expect(!self.factory.text().contains("partition=\"0\""))
        #expect(self.factory.text().contains("churn_source_lag{partition=\"1\"} 6\n"))
        second.destroy()
        #expect(!self.factory.text().contains("churn_source_lag"))
        for partition in 0..<5 { lag(partition).record(1) }
        #expect(self.factory.text().contains("churn_source_lag{partition=\"4\"} 1\n"))
    }

    @Test("a health board shows each component that it has")
    func health() {
        let board = HealthBoard(metrics: self.factory)
        board.report("source", .healthy)
        board.report("model", .degraded(reason: "r", advice: "a"))
        board.report("database", .failing(reason: "r", advice: "a"))
        for (name, value) in [("source", "1"), ("model", "0.5"), ("database", "0")] {
            #expect(self.factory.text().contains("churn_component_health{component=\"\(name)\"} \(value)\n"))
        }
        board.report("database", .healthy)
        board.remove("source")
        #expect(self.factory.text().contains("churn_component_health{component=\"database\"} 1\n"))
        #expect(!self.factory.text().contains("source"))
    }
}
