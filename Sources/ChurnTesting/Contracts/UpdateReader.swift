import ChurnCore

/// Reads an update log as a serving node does: by cursor, skipping what it has seen, looking for holes.
struct UpdateReader: Sendable {
    var cursor = UpdateCursor()
    /// Every number read, in the order in which it was read.
    var numbers: [StreamPartition: [Int64]] = [:]
    /// Partitions of which the log said that it no longer reaches back.
    var gaps: Set<StreamPartition> = []

    /// Takes up a page; what breaks the order or the chain is a violation.
    mutating func read(_ page: UpdatePage, _ findings: ContractFindings) {
        for hole in self.read(page) { findings.expect(false, hole) }
    }

    /// Takes up a page and returns what breaks the order or the chain.
    mutating func read(_ page: UpdatePage) -> [String] {
        var faults: [String] = []
        var unexplained = page.gaps
        self.gaps.formUnion(page.gaps)
        for block in page.blocks {
            let name = "partition \(block.partition.partition) of epoch \(block.partition.stream.epoch)"
            var previous = block.previous
            for number in block.numbers {
                defer { previous = number }
                let seen = self.cursor.seen[block.partition]
                if let seen, number <= seen { continue }
                if previous != seen, unexplained.remove(block.partition) == nil {
                    let named = previous.map(String.init) ?? "none"
                    let last = seen.map(String.init) ?? "none"
                    faults.append("\(name): number \(number) follows \(named), but the reader stands at \(last)")
                }
                self.cursor.advance(block.partition, to: number)
                self.numbers[block.partition, default: []].append(number)
            }
        }
        return faults
    }
}
