import ChurnCore
import Metrics

/// All series by name and labels, bounded in number.
final class PrometheusRegistry: Sendable {
    /// The kind of a metric; all series of a name are of one kind.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private struct Series {
        var labels: [(String, String)]
        var instrument: any PrometheusInstrument
    }

    private struct Family {
        var kind: Kind
        var series: [String: Series] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var count = 0
    }

    private let maximumSeries: Int
    private let state = Locked(State())
    private let dropped = PrometheusCounter()

    init(maximumSeries: Int) { self.maximumSeries = maximumSeries }

    /// The series of this name and these labels: the one that exists, or a new one.
    ///
    /// Where there is no room, or the name is taken by another kind, the instrument works and is not shown.
    func series<Instrument: PrometheusInstrument>(
        _ kind: Kind, _ label: String, _ dimensions: [(String, String)], make: () -> Instrument
    ) -> Instrument {
        var name = PrometheusText.name(label)
        if kind == .counter, !name.hasSuffix("_total") { name += "_total" }
        let labels = dimensions.map { (PrometheusText.labelName($0), $1) }.sorted { $0.0 < $1.0 }
        let key = labels.map { "\($0.utf8.count):\($0)\($1.utf8.count):\($1)" }.joined()
        return self.state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            if let known = family.series[key]?.instrument as? Instrument, family.kind == kind { return known }
            let instrument = make()
            guard family.kind == kind, family.series[key] == nil, state.count < self.maximumSeries else {
                self.dropped.increment(by: Int64(1))
                return instrument
            }
            family.series[key] = Series(labels: labels, instrument: instrument)
            state.families[name] = family
            state.count += 1
            return instrument
        }
    }

    /// Takes the series of an instrument away, so that a figure of something that ended is not shown afterwards.
    func remove(_ instrument: any PrometheusInstrument) {
        self.state.withLock { state in
            for (name, family) in state.families {
                guard let key = family.series.first(where: { $0.value.instrument === instrument })?.key else {
                    continue
                }
                state.families[name]?.series[key] = nil
                if state.families[name]?.series.isEmpty == true { state.families[name] = nil }
                state.count -= 1
                return
            }
        }
    }

    func text() -> String {
        let families = self.state.withLock { $0.families }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += PrometheusText.head(of: name, kind: family.kind.rawValue)
            for (_, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.instrument.write(name: name, labels: series.labels, to: &text)
            }
        }
        text += PrometheusText.head(of: "churn_metrics_dropped_series_total", kind: Kind.counter.rawValue)
        self.dropped.write(name: "churn_metrics_dropped_series_total", labels: [], to: &text)
        return text
    }
}
