import ChurnCore
import ChurnTesting
import Foundation
import Testing

/// The seeds that are run: `CHURN_SIMULATION_SEEDS` of them, or the one of `CHURN_SIMULATION_SEED`.
private enum Seeds {
    /// Two halves, which run side by side.
    static let all: [ClosedRange<UInt64>] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["CHURN_SIMULATION_SEED"].flatMap(UInt64.init) { return [seed...seed] }
        let count = max(2, environment["CHURN_SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 5000)
        return [1...count / 2, count / 2 + 1...count]
    }()
}

@Suite("The simulation")
struct SimulationTests {
    @Test("finds nothing wrong when nothing goes wrong")
    func calm() async {
        for seed in UInt64(1)...20 {
            let report = await Simulation(seed: seed, scenario: .calm).run()
            #expect(report.violations.isEmpty, "\(report)")
        }
    }

    @Test("finds nothing wrong whatever goes wrong", arguments: Seeds.all)
    func seeds(_ seeds: ClosedRange<UInt64>) async {
        for seed in seeds {
            let report = await Simulation(seed: seed).run()
            #expect(report.violations.isEmpty, "\(report)")
        }
    }

    @Test("finds nothing wrong when any one call goes wrong", arguments: FaultPlan.everySingleFault)
    func singleFaults(_ plan: FaultPlan) async {
        var scenario = Simulation.Scenario.calm
        scenario.plan = plan
        scenario.records = 30
        scenario.hasBadRecords = true
        let report = await Simulation(seed: 7, scenario: scenario).run()
        #expect(report.violations.isEmpty, "\(report)")
    }

    @Test("replays a seed exactly", arguments: [1, 22, 333] as [UInt64])
    func replay(_ seed: UInt64) async {
        let first = await Simulation(seed: seed).run()
        let second = await Simulation(seed: seed).run()
        #expect(first.description == second.description)
        #expect(first.digest == second.digest)
    }

    // Release builds have no mutants.
    #if DEBUG
        @Test(
            "notices each mutant by the check that is meant for it",
            arguments: [
                (.noFence, .order), (.fenceOnlyFromBelow, .coverage), (.commitBeforeWrite, .commits),
                (.noVersionCheck, .customers), (.rejectionSkipped, .deadLetters), (.overlayNotRead, .conflicts),
                (.triggerIgnored, .customers),
            ] as [(Mutant, SimulationViolation.Check)])
        func mutants(_ mutant: Mutant, _ check: SimulationViolation.Check) async {
            var caught: UInt64?
            for seed in UInt64(1)...200 where caught == nil {
                let scenario: Simulation.Scenario? = check == .conflicts ? .calm : nil
                let report = await Mutant.$active.withValue(mutant) {
                    await Simulation(seed: seed, scenario: scenario, maximumJobs: 300_000).run()
                }
                if report.violations.contains(where: { $0.check == check }) { caught = seed }
            }
            #expect(caught != nil, "no seed noticed the mutant")
        }
    #endif
}
