extension StoreChanges {
    /// What a page of updates after a cursor says.
    ///
    /// - Parameter time: when the block of an index was written.
    package init(_ page: UpdatePage, after cursor: UpdateCursor, time: (Int) -> Timestamp) {
        self.init(customerIDs: [], scores: [], cursor: cursor, hasGap: !page.gaps.isEmpty, hasMore: page.hasMore)
        for (place, block) in page.blocks.enumerated() {
            var written = Scores(time: time(place), sum: 0, count: 0)
            for (index, number) in block.numbers.enumerated() {
                if let seen = self.cursor.seen[block.partition], number <= seen { continue }
                self.cursor.seen[block.partition] = number
                guard let score = UpdateFrameReader.score(in: block.frame(at: index)) else { continue }
                self.customerIDs.insert(score.customerID)
                written.sum += score.probability
                written.count += 1
            }
            if written.count > 0 { self.scores.append(written) }
        }
    }
}
