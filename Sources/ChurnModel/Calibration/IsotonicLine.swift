/// Learns a rising line by pooling neighbours that are in the wrong order (pool adjacent violators).
///
/// The usual result is a staircase, whose flat steps make ties and cost rank. Here the line goes through the middle of
/// each step instead, so that it rises everywhere and leaves the order of customers alone.
enum IsotonicLine {
    static let maximumKnots = 100_000

    /// Neighbours that share a rate.
    private struct Block {
        var scores: Double
        var positives: Double
        var count: Double
        var rate: Double { self.positives / self.count }
    }

    /// The line from score 0 to score 1.
    static func knots(_ scores: [Float], _ labels: [Bool]) -> [ProbabilityCalibration.Knot] {
        let edge = 0.5 / Double(scores.count + 1)
        var knots: [ProbabilityCalibration.Knot] = []
        for block in Self.blocks(scores, labels) {
            let knot = ProbabilityCalibration.Knot(
                score: min(max(block.scores / block.count, 1e-9), 1 - 1e-9),
                probability: min(max(block.rate, edge), 1 - edge))
            if let last = knots.last, knot.score <= last.score || knot.probability <= last.probability { continue }
            knots.append(knot)
        }
        let (first, last) = (knots.first?.probability ?? 0.5, knots.last?.probability ?? 0.5)
        return [ProbabilityCalibration.Knot(score: 0, probability: first / 2)] + knots
            + [ProbabilityCalibration.Knot(score: 1, probability: (1 + last) / 2)]
    }

    private static func blocks(_ scores: [Float], _ labels: [Bool]) -> [Block] {
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        var blocks: [Block] = []
        var previous: Float?
        for place in order {
            var block = Block(scores: Double(scores[place]), positives: labels[place] ? 1 : 0, count: 1)
            // Equal scores are one place on the line, whatever their labels.
            while let last = blocks.last, previous == scores[place] || last.rate >= block.rate {
                block.scores += last.scores
                block.positives += last.positives
                block.count += last.count
                blocks.removeLast()
                previous = nil
            }
            blocks.append(block)
            previous = scores[place]
        }
        return blocks
    }
}
