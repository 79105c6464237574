import ChurnCore

extension UpdateLogContract {
    static let epochsAndGaps: [Check] = [
        Check("what is no longer kept is a gap for readers that have not seen it, and for no others") {
            subject, findings in
            guard let forget = subject.forgetUpdates else { return }
            let samples = subject.samples
            let partition = samples.partition(0)
            for from in Int64(0)..<4 {
                try await Self.write(
                    [samples.block(0, previous: from == 0 ? nil : from - 1, numbers: [from])], from, from + 1,
                    on: subject, findings)
            }
            try await Self.write(
                [samples.block(1, previous: nil, numbers: [0])], 0, 1, partition: 1, on: subject, findings)
            try await forget(partition, 1)
            for (seen, isGap) in [(nil, true), (0, true), (1, false), (2, false), (3, false)] as [(Int64?, Bool)] {
                var cursor = UpdateCursor(seen: [samples.partition(1): 0])
                cursor.seen[partition] = seen
                let page = try await subject.store.updates(after: cursor, limit: 10)
                findings.expectEqual(page.gaps, isGap ? [partition] : [], "the gaps after \(seen as Int64?)")
                findings.expectEqual(
                    page.blocks.flatMap(\.numbers), Array(Int64(2)...3).filter { $0 > seen ?? -1 },
                    "the numbers after \(seen as Int64?)")
            }
        },
        Check("the updates of a new epoch are another partition's, and begin a chain of their own") {
            subject, findings in
            guard let startNewEpoch = subject.startNewEpoch else { return }
            let samples = subject.samples
            try await Self.write([samples.block(0, previous: nil, numbers: [90])], 0, 100, on: subject, findings)
            let end = try await subject.store.end()
            try await startNewEpoch(samples.name)
            let epoch = try await subject.store.positions(of: samples.name, partitions: [0]).stream.epoch
            let fresh = samples.block(0, previous: nil, numbers: [5], epoch: epoch)
            try await Self.write([fresh], 0, 6, epoch: epoch, on: subject, findings)
            let page = try await subject.store.updates(after: end, limit: 10)
            findings.expectEqual(page.blocks, [fresh], "the blocks after the old epoch's end")
        },
        Check("all of an epoch comes before the next one, which a reader then need not name any more") {
            subject, findings in
            guard let startNewEpoch = subject.startNewEpoch else { return }
            let samples = subject.samples
            for from in Int64(0)..<3 {
                try await Self.write(
                    [samples.block(0, previous: from == 0 ? nil : from - 1, numbers: [from])], from, from + 1,
                    on: subject, findings)
            }
            try await startNewEpoch(samples.name)
            let epoch = try await subject.store.positions(of: samples.name, partitions: [0]).stream.epoch
            for from in Int64(0)..<3 {
                try await Self.write(
                    [samples.block(0, previous: from == 0 ? nil : from - 1, numbers: [from], epoch: epoch)], from,
                    from + 1, epoch: epoch, on: subject, findings)
            }
            var cursor = UpdateCursor()
            var read: [StreamPartition] = []
            for _ in 0..<7 {
                let page = try await subject.store.updates(after: cursor, limit: 1)
                for block in page.blocks {
                    cursor.advance(past: block)
                    read.append(block.partition)
                }
            }
            let (old, new) = (samples.partition(0), samples.partition(0, epoch: epoch))
            findings.expectEqual(read, [old, old, old, new, new, new], "the partitions of the blocks")
            findings.expectEqual(cursor.seen, [new: 2], "the cursor")
            let end = try await subject.store.end()
            findings.expectEqual(end.withoutFinishedEpochs, cursor, "the end")
        },
    ]

    static let tailing: [Check] = [
        Check("a reader that follows by cursor while many write sees every update once, in order, without a hole") {
            subject, findings in
            let samples = subject.samples
            let (partitions, rounds) = (Int32(4), Int64(25))
            let reader = try await withThrowingTaskGroup(of: UpdateReader?.self) { group in
                for partition in 0..<partitions {
                    group.addTask {
                        for round in 0..<rounds {
                            try await Self.write(
                                [
                                    samples.block(
                                        partition, previous: round == 0 ? nil : round * 2 - 1,
                                        numbers: [round * 2, round * 2 + 1])
                                ], round * 2, round * 2 + 2, partition: partition, on: subject, findings)
                        }
                        return nil
                    }
                }
                group.addTask {
                    var reader = UpdateReader()
                    while reader.numbers.values.reduce(0, { $0 + $1.count }) < Int(partitions) * Int(rounds) * 2 {
                        try Task.checkCancellation()
                        let page = try await subject.store.updates(after: reader.cursor, limit: 7)
                        reader.read(page, findings)
                        if page.blocks.isEmpty { await Task.yield() }
                    }
                    return reader
                }
                return try await group.reduce(nil) { $0 ?? $1 }
            }
            for partition in 0..<partitions {
                findings.expectEqual(
                    reader?.numbers[samples.partition(partition)], Array(0..<rounds * 2),
                    "the numbers of partition \(partition)")
            }
            findings.expectEqual(reader?.gaps, [], "the gaps")
        }
    ]
}
