import ChurnCore
import ChurnMemory

/// Decides by its seed what happens in a simulation and when, and brings it to a quiet end.
struct SimulationDirector: Sendable {
    let world: SimulatedWorld

    /// The state that the director keeps.
    private struct Stage {
        var random: SeededRandom
        var input: SimulatedInput
        var processes: [SimulatedProcess?]
        /// The partitions that each process has now.
        var assignment: [Set<Int32>]
        var report: SimulationReport
        var reader = UpdateReader()
    }

    /// Plays the simulation until everything is written.
    func run() async -> SimulationReport {
        let scenario = self.world.scenario
        _ = try? await self.world.store.importCustomers(self.world.customers)
        var stage = Stage(
            random: SeededRandom(seed: self.world.seed, stream: 4),
            input: SimulatedInput(
                seed: self.world.seed, customers: self.world.customers.map(\.id), partitions: scenario.partitions,
                isKeyed: scenario.isKeyed, hasBadRecords: scenario.hasBadRecords),
            processes: Array(repeating: nil, count: scenario.processes),
            assignment: (0..<scenario.processes).map { process in
                Set((0..<scenario.partitions).filter { Int($0) % scenario.processes == process })
            },
            report: SimulationReport(seed: self.world.seed))
        await withDiscardingTaskGroup { group in
            for number in stage.processes.indices { self.start(number, &stage, &group) }
            await self.play(&stage, &group)
            await self.settle(&stage, &group)
            for process in stage.processes { process?.kill() }
        }
        await self.retryDeadLetters(&stage)
        stage.report.records = self.world.records.withLock { $0.values.reduce(0) { $0 + $1.count } }
        await self.read(&stage, limit: 1000)
        return stage.report
    }

    private func start(_ number: Int, _ stage: inout Stage, _ group: inout DiscardingTaskGroup) {
        let (process, pipeline) = self.world.process(
            partitions: stage.assignment[number], random: &stage.random)
        stage.processes[number] = process
        group.addTask {
            if let error = await process.run(pipeline) {
                self.world.findings.add(.liveness, "a pipeline stopped by itself: \(String(reflecting: error))")
            }
        }
    }

    private func play(_ stage: inout Stage, _ group: inout DiscardingTaskGroup) async {
        var left = self.world.scenario.records
        while left > 0 {
            await self.wait(.microseconds(stage.random.index(below: 12_000)))
            let burst = min(left, 1 + stage.random.index(below: 6))
            for _ in 0..<burst { self.world.produce(stage.input.next()) }
            left -= burst
            if self.world.scenario.hasDisasters { self.strike(&stage, &group) }
            if self.world.scenario.hasForeignUpdates, stage.random.chance(0.3) { await self.interfere(&stage) }
            if stage.random.chance(0.3) { await self.read(&stage, limit: 1 + stage.random.index(below: 4)) }
        }
    }

    /// Lets one process die, stop, go on, come back or lose a partition.
    private func strike(_ stage: inout Stage, _ group: inout DiscardingTaskGroup) {
        let number = stage.random.index(below: stage.processes.count)
        let roll = stage.random.uniform()
        guard let process = stage.processes[number], !process.isDead else { return self.start(number, &stage, &group) }
        switch roll {
        case ..<0.10:
            stage.report.kills += 1
            let seam = Seam.all[stage.random.index(below: Seam.all.count)]
            process.kill(at: stage.random.chance(0.7) ? (seam, stage.random.chance(0.5)) : nil)
        case ..<0.20:
            stage.report.pauses += 1
            process.stop()
        case ..<0.40: process.goOn()
        case ..<0.60: self.rebalance(&stage)
        case ..<0.65:
            // The group takes the process for dead and starts another; the old one goes on writing.
            stage.report.pauses += 1
            process.stop()
            let zombie = process
            let clock = self.world.clock
            let delay = Duration.milliseconds(5 + stage.random.index(below: 100))
            group.addTask {
                try? await clock.sleep(for: delay)
                zombie.goOn()
                try? await clock.sleep(for: delay)
                zombie.kill()
            }
            self.start(number, &stage, &group)
        default: break
        }
    }

    /// Moves a partition to another process; now and then the old one keeps it too.
    private func rebalance(_ stage: inout Stage) {
        stage.report.rebalances += 1
        let partition = Int32(stage.random.index(below: Int(self.world.scenario.partitions)))
        let owner = stage.random.index(below: stage.processes.count)
        let keepsOld = stage.random.chance(0.2)
        for number in stage.assignment.indices {
            if number == owner {
                stage.assignment[number].insert(partition)
            } else if !keepsOld {
                stage.assignment[number].remove(partition)
            }
            stage.processes[number]?.source.assign(stage.assignment[number])
        }
    }

    /// Changes a customer as another program would.
    private func interfere(_ stage: inout Stage) async {
        let customer = self.world.customers[stage.random.index(below: self.world.customers.count)].id
        let features = Domain.telco.schema.features
        let names = ["MonthlyCharges", "PaperlessBilling", "Contract"]
        let name = names[stage.random.index(below: names.count)]
        guard let index = Domain.telco.schema.index(of: name) else { return }
        let value: FeatureValue =
            features[index].type == .numeric
            ? .number(Double(20 + stage.random.index(below: 80)))
            : .text(features[index].categories[stage.random.index(below: features[index].categories.count)])
        await self.world.store.updateFeatures(of: customer, [FeatureChange(feature: index, value: value)])
    }

    /// Reads the update log as a subscriber does, from its cursor.
    private func read(_ stage: inout Stage, limit: Int) async {
        guard let page = try? await self.world.store.updates(after: stage.reader.cursor, limit: limit) else { return }
        for fault in stage.reader.read(page) { self.world.findings.add(.updates, fault) }
        if !page.gaps.isEmpty { self.world.findings.add(.updates, "the log has gaps") }
    }

    /// Ends the faults, brings all processes back and waits until everything is written.
    private func settle(_ stage: inout Stage, _ group: inout DiscardingTaskGroup) async {
        self.world.quieten()
        for round in 0..<2000 {
            for (number, process) in stage.processes.enumerated() {
                process?.goOn()
                if process?.isDead ?? true {
                    self.start(number, &stage, &group)
                    self.world.quieten()
                }
            }
            if await self.isDrained() { return }
            await self.wait(.milliseconds(20))
            if round == 1999 { self.world.findings.add(.liveness, "not everything is written after 40 seconds") }
        }
    }

    private func isDrained() async -> Bool {
        let partitions = Array(0..<self.world.scenario.partitions)
        let found = try? await self.world.store.positions(of: self.world.log.name, partitions: partitions)
        return partitions.allSatisfy {
            (found?.stored[$0]?.nextOffset ?? 0) == self.world.log.offsets(of: $0).upperBound
        }
    }

    /// Fixes what was wrong and sends the dead letters again, under faults and kills, several at once.
    private func retryDeadLetters(_ stage: inout Stage) async {
        guard self.world.scenario.hasBadRecords else { return }
        _ = try? await self.world.store.importCustomers(self.world.ghosts)
        self.world.isMended.withLock { $0 = true }
        for round in 0..<4 {
            let runs = (0..<(round == 3 ? 1 : 2)).map { _ in
                self.world.retryProcess(isLast: round == 3, random: &stage.random)
            }
            if round == 3 { self.world.quieten() }
            let mayDie = self.world.scenario.hasDisasters && round < 3
            let delays = runs.map { _ in Duration.milliseconds(stage.random.index(below: 60)) }
            await withDiscardingTaskGroup { group in
                for ((process, pipeline), delay) in zip(runs, delays) {
                    group.addTask {
                        if let error = await process.run(pipeline) {
                            self.world.findings.add(
                                .liveness, "a retry stopped by itself: \(String(reflecting: error))")
                        }
                    }
                    if mayDie {
                        group.addTask {
                            try? await self.world.clock.sleep(for: delay)
                            process.kill()
                        }
                    }
                }
            }
        }
    }

    private func wait(_ duration: Duration) async { try? await self.world.clock.sleep(for: duration) }
}
