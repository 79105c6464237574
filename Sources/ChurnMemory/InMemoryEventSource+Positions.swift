import ChurnCore

extension InMemoryEventSource {
    /// Finds out where the partitions begin that were assigned and are not read yet.
    func takeUp() async throws {
        let (reader, missing) = self.standing.withLock { standing in
            (
                standing.positions,
                standing.assigned.filter { standing.next[$0] == nil && !standing.stopped.contains($0) }.sorted()
            )
        }
        guard let reader, !missing.isEmpty else { return }
        let found = try await reader.pinnedPositions(
            of: self.log.name, partitions: missing, partitionCount: Int(self.log.partitionCount), start: self.start)
        if self.standing.withLock({ $0.stream.map { $0 != found.stream } ?? false }) {
            // The stream has begun a new life: nothing that was known about the others holds.
            self.standing.withLock { standing in
                standing.stream = found.stream
                standing.next = [:]
                standing.stopped = []
            }
            return try await self.takeUp()
        }
        for number in missing { self.begin(number, found) }
    }

    /// Returns the first offset of a partition that has no stored position.
    private func start(_ number: Int32, _ found: StreamPositions) -> Int64 {
        let offsets = self.log.offsets(of: number)
        let isNew = Int(number) >= found.partitionCount ?? .max
        return self.log.committedOffsets(of: self.configuration.group)[number]
            ?? (self.configuration.start == .beginning || isNew ? offsets.lowerBound : offsets.upperBound)
    }

    private func begin(_ number: Int32, _ found: StreamPositions) {
        let offsets = self.log.offsets(of: number)
        let isInside = self.standing.withLock { standing -> Bool in
            standing.stream = found.stream
            guard standing.assigned.contains(number), let from = found.stored[number]?.nextOffset else { return true }
            guard from >= offsets.lowerBound, from <= offsets.upperBound else { return false }
            standing.next[number] = from
            return true
        }
        if isInside { self.health?.remove(self.component(number)) } else { self.stop(number) }
    }

    func stop(_ number: Int32) {
        self.standing.withLock { standing in
            standing.next[number] = nil
            standing.stopped.insert(number)
        }
        self.health?.report(
            self.component(number),
            .failing(
                reason: "the stored position of partition \(number) lies outside the log",
                advice: "start the stream's next epoch; what the log dropped is lost"),
            code: .positionOutsideLog)
    }

    private func component(_ number: Int32) -> String { "\(self.configuration.healthName).partition-\(number)" }
}
