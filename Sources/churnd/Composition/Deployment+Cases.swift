import ChurnInsight
import ChurnServe
import ServiceLifecycle

extension Deployment {
    /// The services that follow cases: frames for those who look on, and what is closed by itself.
    func caseServices(over store: any CaseStore, hub: UpdateHub) -> [any Service] {
        var closed: Set<CaseStanding> = []
        if self.configuration[\.caseCloseLeft] { closed.insert(.left) }
        if self.configuration[\.caseCloseRecovered] { closed.insert(.recovered) }
        return [
            CaseFeed(store: store, hub: hub, logger: self.logger),
            CaseCloser(store: store, standings: closed, logger: self.logger),
        ]
    }
}
