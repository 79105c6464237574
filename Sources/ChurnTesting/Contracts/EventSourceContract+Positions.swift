import ChurnCore

extension EventSourceContract {
    static let positions: [Check] = [
        Check("a partition goes on at its stored position, and one without begins at the beginning") {
            subject, findings in
            let expected = try await subject.appendEvents(10)
            let (stored, other) = (subject.partitions[0], subject.partitions[1])
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream, stored: [stored: 4]))
                var readings = SourceReadings()
                try await readings.pull(10 * subject.partitions.count - 4, from: source, stream: stream, findings)
                findings.expectEqual(
                    readings.customers(stored), Array(expected[stored, default: []].dropFirst(4)), "the customers")
                findings.expectEqual(readings.customers(other), expected[other, default: []], "the other's customers")
                let first = readings.batches.flatMap(\.ranges).first { $0.partition.partition == stored }
                findings.expectEqual(first?.from, 4, "the beginning of the first range")
            }
        },
        Check("positions and ranges carry the epoch that the sink says the stream is in") { subject, findings in
            _ = try await subject.appendEvents(3)
            let stream = StreamIdentity(name: subject.stream, epoch: 7)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                try await readings.pull(3 * subject.partitions.count, from: source, stream: stream, findings)
                let epochs = readings.entries.values.joined().map(\.event.position.partition.stream.epoch)
                findings.expectEqual(Set(epochs), [7], "the epochs of the events")
            }
        },
        Check("a restarted partition goes on at its stored position, and the others go on where they were") {
            subject, findings in
            let expected = try await subject.appendEvents(20)
            let (back, other) = (subject.partitions[0], subject.partitions[1])
            let stream = StreamIdentity(name: subject.stream)
            let table = PositionTable(stream)
            try await subject.withSource { source in
                try await source.start(positions: table)
                var readings = SourceReadings()
                try await readings.pull(20 * subject.partitions.count, from: source, stream: stream, findings)
                for stand in [Int64(5), 17] {
                    table.set(back, stand)
                    try await source.restart([StreamPartition(stream: stream, partition: back)])
                    var again = SourceReadings()
                    try await again.pull(20 - Int(stand), from: source, stream: stream, findings)
                    findings.expectEqual(
                        again.customers(back), Array(expected[back, default: []].dropFirst(Int(stand))),
                        "the customers after \(stand)")
                    findings.expectEqual(again.customers(other), [], "the other partition's customers")
                }
                let last = try await subject.appendEvents(1, prefix: "last")
                var rest = SourceReadings()
                try await rest.pull(subject.partitions.count, from: source, stream: stream, findings)
                for partition in [back, other] {
                    findings.expectEqual(rest.customers(partition), last[partition, default: []], "the last customer")
                }
            }
        },
        Check("every partition of a batch has a stored position before the batch comes, and the source counts them all")
        {
            subject, findings in
            _ = try await subject.appendEvents(10)
            let stream = StreamIdentity(name: subject.stream)
            let table = PositionTable(stream)
            try await subject.withSource { source in
                try await source.start(positions: table)
                var readings = SourceReadings()
                while readings.count < 10 * subject.partitions.count, let batch = try await source.nextBatch() {
                    let unpinned = batch.ranges.filter { !table.pinned.contains($0.partition.partition) }
                    findings.expectEqual(unpinned, [], "the ranges of partitions without a stored position")
                    readings.take(batch, stream: stream, findings)
                }
                let count = try findings.require(table.partitionCount, "the number of partitions")
                findings.expect(count > Int(subject.partitions.max() ?? 0), "the source counts \(count) partitions")
            }
        },
        Check("where another process pins a partition first, the source goes on there") { subject, findings in
            let expected = try await subject.appendEvents(10)
            let (rival, other) = (subject.partitions[0], subject.partitions[1])
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream, rivals: [rival: 6]))
                var readings = SourceReadings()
                try await readings.pull(10 * subject.partitions.count - 6, from: source, stream: stream, findings)
                findings.expectEqual(
                    readings.customers(rival), Array(expected[rival, default: []].dropFirst(6)), "the customers")
                findings.expectEqual(readings.customers(other), expected[other, default: []], "the other's customers")
            }
        },
        Check("a restart before anything was stored begins where the source began") { subject, findings in
            let expected = try await subject.appendEvents(5)
            let partition = subject.partitions[0]
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                try await readings.pull(5 * subject.partitions.count, from: source, stream: stream, findings)
                try await source.restart([StreamPartition(stream: stream, partition: partition)])
                var again = SourceReadings()
                try await again.pull(5, from: source, stream: stream, findings)
                findings.expectEqual(again.customers(partition), expected[partition, default: []], "the customers")
            }
        },
        Check("restarting partitions that the source does not read changes nothing") { subject, findings in
            _ = try await subject.appendEvents(3)
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                let foreign = StreamIdentity(name: StreamName(cluster: "elsewhere", topic: "other"))
                try await source.restart([StreamPartition(stream: foreign, partition: subject.partitions[0])])
                try await source.restart([])
                var readings = SourceReadings()
                try await readings.pull(3 * subject.partitions.count, from: source, stream: stream, findings)
            }
        },
        Check("a commit is a hint: the stored position decides, whatever was committed") { subject, findings in
            let expected = try await subject.appendEvents(10)
            let partition = subject.partitions[0]
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                try await readings.pull(10 * subject.partitions.count, from: source, stream: stream, findings)
                await source.commit(
                    subject.partitions.map { number in
                        OffsetRange(partition: StreamPartition(stream: stream, partition: number), from: 0, to: 9)
                    })
            }
            let all = Dictionary(uniqueKeysWithValues: subject.partitions.map { ($0, Int64($0 == partition ? 2 : 10)) })
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream, stored: all))
                var readings = SourceReadings()
                try await readings.pull(8, from: source, stream: stream, findings)
                findings.expectEqual(
                    readings.customers(partition), Array(expected[partition, default: []].dropFirst(2)),
                    "the customers")
            }
        },
    ]
}
