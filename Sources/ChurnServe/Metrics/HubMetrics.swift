import Metrics

/// The metrics of the hub.
struct HubMetrics: Sendable {
    private let appended: Counter
    private let known: Counter
    private let holes: Counter
    private let fromLog: Counter
    private let pages: Counter
    private let frames: Counter

    init(factory: any MetricsFactory) {
        func outcome(_ name: String) -> Counter {
            Counter(label: "churn.updates.published", dimensions: [("outcome", name)], factory: factory)
        }
        self.appended = outcome("appended")
        self.known = outcome("known")
        self.holes = outcome("hole")
        self.fromLog = Counter(label: "churn.updates.found.in.log", factory: factory)
        self.pages = Counter(label: "churn.updates.log.pages", factory: factory)
        self.frames = Counter(label: "churn.ws.frames", factory: factory)
    }

    func published(_ outcomes: [UpdateRing.Outcome]) {
        for outcome in outcomes {
            switch outcome {
            case .appended: self.appended.increment()
            case .known: self.known.increment()
            case .hole: self.holes.increment()
            }
        }
    }

    func foundInLog(_ outcomes: [UpdateRing.Outcome]) {
        self.fromLog.increment(by: outcomes.count { $0 == .appended })
    }

    func pageRead() { self.pages.increment() }

    func sent(frames: Int) { self.frames.increment(by: frames) }
}
