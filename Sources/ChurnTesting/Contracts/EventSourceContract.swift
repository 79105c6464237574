import ChurnCore

/// The contract of every event source: everything, in order, from where the sink stands.
public enum EventSourceContract {
    /// A fresh stream.
    public typealias Subject = EventSourceUnderTest
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = delivery + records + positions

    private static let delivery: [Check] = [
        Check("every record is delivered once, in order within its partition, in ranges that touch") {
            subject, findings in
            let expected = try await subject.appendEvents(60)
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                try await readings.pull(60 * subject.partitions.count, from: source, stream: stream, findings)
                for partition in subject.partitions {
                    findings.expectEqual(
                        readings.customers(partition), expected[partition] ?? [], "the customers of \(partition)")
                }
            }
        },
        Check("records that are appended while the source waits are delivered") { subject, findings in
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                let readings = try await withThrowingTaskGroup(of: SourceReadings?.self) { group in
                    group.addTask {
                        var readings = SourceReadings()
                        try await readings.pull(
                            10 * subject.partitions.count, from: source, stream: stream, findings)
                        return readings
                    }
                    group.addTask {
                        _ = try await subject.appendEvents(10)
                        return nil
                    }
                    return try await group.reduce(nil) { $0 ?? $1 }
                }
                findings.expectEqual(readings?.count, 10 * subject.partitions.count, "the number of records")
            }
        },
        Check("cancelling a wait ends it and loses nothing") { subject, findings in
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                for round in 0..<5 {
                    let batch = try await withThrowingTaskGroup(of: EventBatch?.self) { group in
                        group.addTask {
                            do { return try await source.nextBatch() } catch is CancellationError { return nil }
                        }
                        group.addTask {
                            // Rounds of which some are cancelled before, some after a record came.
                            if round % 2 == 1 { _ = try await subject.appendEvents(3, prefix: "r\(round)-") }
                            return nil
                        }
                        var batch = try await group.next() ?? nil
                        group.cancelAll()
                        while let other = try await group.next() { batch = batch ?? other }
                        return batch
                    }
                    if let batch { readings.take(batch, stream: stream, findings) }
                }
                try await readings.pull(6 * subject.partitions.count, from: source, stream: stream, findings)
                for partition in subject.partitions {
                    let expected = [1, 3].flatMap { round in (0..<3).map { "r\(round)-\(partition)-\($0)" } }
                    findings.expectEqual(readings.customers(partition), expected, "the customers of \(partition)")
                }
            }
        },
        Check("a source that has ended says so, after everything was delivered, again and again") {
            subject, findings in
            guard let finish = subject.finish else { return }
            _ = try await subject.appendEvents(4)
            try await finish()
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                try await readings.pull(4 * subject.partitions.count, from: source, stream: stream, findings)
                for _ in 0..<2 {
                    let end = try await source.nextBatch()
                    findings.expect(end == nil, "there is a batch after the end")
                }
            }
        },
    ]

    private static let records: [Check] = [
        Check("keys, values, times and positions arrive as they were appended") { subject, findings in
            let partition = subject.partitions[0]
            let first = try await subject.appendEvent("keyed", partition)
            let second = try await subject.appendEvent("unkeyed", partition, keyed: false)
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                try await readings.pull(2, from: source, stream: stream, findings)
                let entries = readings.entries[partition] ?? []
                findings.expectEqual(entries.map(\.event.position.offset), [first, second], "the offsets")
                findings.expectEqual(entries.map(\.key), [Array("keyed".utf8), nil], "the keys")
                findings.expectEqual(entries.map(\.event.customerID), ["keyed", "unkeyed"], "the customers")
                for entry in entries {
                    findings.expectEqual(entry.event.time, Timestamp(microseconds: 1_700_000_000_250_000), "the time")
                    findings.expect(entry.event.recordTime.microseconds > 0, "the record has no time")
                }
            }
        },
        Check("a record that is no event is a rejection with its bytes and position, and the stream goes on") {
            subject, findings in
            let partition = subject.partitions[0]
            let bad: [(key: [UInt8]?, value: [UInt8]?, code: Rejection.Code)] = [
                ([0x6B], nil, .nullValue), (nil, [0xC3, 0x28], .invalidUTF8), (nil, Array("[1]".utf8), .invalidJSON),
                (nil, [], .invalidJSON), (nil, Array("{\"user_id\": \"a\"}".utf8), .missingField),
                (Array("b".utf8), Array("{\"event_type\": \"e\", \"user_id\": \"a\"}".utf8), .keyMismatch),
                (nil, Array("{\"event_type\": \"e\", \"user_id\": \"\\u0000\"}".utf8), .unstorableText),
            ]
            _ = try await subject.appendEvent("before", partition)
            for record in bad { _ = try await subject.append(partition, record.key, record.value) }
            _ = try await subject.appendEvent("after", partition)
            let stream = StreamIdentity(name: subject.stream)
            try await subject.withSource { source in
                try await source.start(positions: PositionTable(stream))
                var readings = SourceReadings()
                try await readings.pull(bad.count + 2, from: source, stream: stream, findings)
                findings.expectEqual(readings.customers(partition), ["before", "after"], "the customers")
                let rejections = readings.rejections[partition] ?? []
                findings.expectEqual(rejections.map(\.code), bad.map(\.code), "the codes")
                findings.expectEqual(rejections.map(\.record.key), bad.map(\.key), "the keys")
                findings.expectEqual(rejections.map(\.record.value), bad.map(\.value), "the values")
                findings.expect(rejections.allSatisfy { !$0.reason.isEmpty }, "a rejection has no reason")
            }
        },
    ]
}
