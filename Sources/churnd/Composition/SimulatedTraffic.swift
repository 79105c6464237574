import ChurnCore
import ChurnMemory
import Foundation
import ServiceLifecycle

/// Puts simulated events on a log in memory, at a steady rate, until the service ends.
struct SimulatedTraffic: Service {
    let simulator: EventSimulator
    let log: InMemoryEventLog
    /// Events a second.
    let rate: Int

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.produce() }
    }

    private func produce() async {
        var simulator = self.simulator
        let start = ContinuousClock.now
        var sent = 0
        while !Task.isCancelled {
            let due = Int((ContinuousClock.now - start) / .seconds(1) * Double(self.rate)) + 1
            while sent < due {
                let now = Timestamp.systemNow()
                let event = simulator.next(at: now)
                self.log.append(key: event.key, value: event.json)
                sent += 1
            }
            try? await Task.sleep(for: .milliseconds(max(2, 1_000 / self.rate)))
        }
    }
}
