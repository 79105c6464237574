extension StoreChanges {
    /// What a page of updates after a cursor says.
    ///
    /// - Parameter time: when the block of an index was written.
    package init(_ page: UpdatePage, after cursor: UpdateCursor, time: (Int) -> Timestamp) {
        self.init(scores: [], cursor: cursor, hasGap: !page.gaps.isEmpty, hasMore: page.hasMore)
        for (place, block) in page.blocks.enumerated() {
            let written = time(place)
            for (index, number) in block.numbers.enumerated() {
                if let seen = self.cursor.seen[block.partition], number <= seen { continue }
                self.cursor.seen[block.partition] = number
                guard let score = UpdateFrameReader.score(in: block.frame(at: index)) else { continue }
                self.scores.append(
                    Score(customerID: score.customerID, probability: score.probability, time: written))
            }
        }
    }
}
