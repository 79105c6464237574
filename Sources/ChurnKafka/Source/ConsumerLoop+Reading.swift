import CRdKafka
import ChurnCore
import Logging

/// From librdkafka's records to the prefetch.
extension ConsumerLoop {
    /// A partition's part of what is being loaded.
    private struct Reader {
        let partition: StreamPartition
        /// Its range in the load; nil before the first record.
        var index: Int?
        var next: Int64
    }

    /// Takes what there is and what there is room for.
    ///
    /// Where there is no room, only events are waited for.
    func read(now: ContinuousClock.Instant) {
        let room = self.shared.prefetch.room(now: now)
        self.holdBack(isFull: room.records == 0)
        guard room.records > 0, !self.assignment.partitions.isEmpty else {
            // A question or a full prefetch: the task takes its time, polling must go on.
            if let event = self.handle.nextEvent(wait: room.records > 0 ? Self.tick : 5) { self.handle(event) }
            return
        }
        // No more at a time than there is room for, by what records were like lately.
        let share = max(1, room.bytes / self.recordBytes)
        let gather = min(room.gathering?.milliseconds ?? 0, Self.tick)
        var load = Prefetch.Load()
        var readers: [Int32: Reader] = [:]
        var (current, reader): (Int32, Reader?) = (-1, nil)
        var overflow: Set<Int32> = []
        var ends: [Int32: PartitionState.End] = [:]
        _ = self.handle.take(atMost: min(room.records, share), wait: Self.tick, gather: gather) { message in
            let number = message.pointee.partition
            if number != current {
                readers[current] = reader
                (current, reader) = (number, readers[number] ?? self.reader(of: number))
            }
            if message.pointee.err == RD_KAFKA_RESP_ERR__PARTITION_EOF {
                if let next = reader?.next, !overflow.contains(number) {
                    ends[number] = PartitionState.End(next: next, offset: message.pointee.offset)
                }
                return
            }
            if message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR {
                if let reader { self.assignment.advance(number, to: reader.next) }
                self.handle(fault: message)
                (reader, readers[number]) = (nil, nil)
                return
            }
            guard let partition = reader?.partition, let next = reader?.next, message.pointee.offset >= next else {
                return
            }
            // What does not fit is passed over and fetched again: librdkafka has no way to give a record back.
            guard load.bytes < room.bytes, !overflow.contains(number) else {
                overflow.insert(number)
                return
            }
            let end = message.pointee.offset + 1
            if let index = reader?.index {
                load.ranges[index].to = end
            } else {
                // The range begins where the last one ended, also where offsets between hold no record.
                reader?.index = load.ranges.count
                load.ranges.append(OffsetRange(partition: partition, from: next, to: end))
            }
            reader?.next = end
            load.add(self.shared.decoder.decode(Record(message, partition: partition)))
        }
        for range in load.ranges where self.assignment.partitions[range.partition.partition]?.phase == .reading {
            self.assignment.advance(range.partition.partition, to: range.to)
        }
        for (number, end) in ends { self.assignment.meet(end, of: number) }
        if load.count > 0 {
            self.nextLook = .now + Self.idle
            let average = load.bytes / load.count
            self.recordBytes = max(average, (self.recordBytes * 7 + average) / 8)
            self.condition.noteProgress()
            self.shared.prefetch.append(load, now: .now)
        } else {
            self.shared.prefetch.wake()
        }
        if !overflow.isEmpty { self.handle(.overflowed(overflow)) }
    }

    private func reader(of number: Int32) -> Reader? {
        guard let state = self.assignment.partitions[number], state.phase == .reading else { return nil }
        return Reader(partition: state.partition, index: nil, next: state.next)
    }

    /// Has librdkafka fetch nothing while the prefetch is full and it holds as much itself.
    ///
    /// Its own bound counts values only: of records that are mostly headers it would hold any amount.
    private func holdBack(isFull: Bool) {
        if isFull, !self.isHeldBack {
            let held = self.handle.queuedRecords * self.recordBytes
            guard held > self.shared.configuration.maximumPrefetchedBytes else { return }
            self.isHeldBack = self.handle.setPaused(true, Array(self.assignment.partitions.keys))
        } else if !isFull, self.isHeldBack {
            self.isHeldBack = false
            let all = Set(self.assignment.partitions.keys)
            _ = self.handle.setPaused(false, Array(all))
            self.handle(.overflowed(all))
        }
    }

    /// An error in place of a record.
    private func handle(fault message: UnsafeMutablePointer<rd_kafka_message_t>) {
        let fault = KafkaFault(
            message.pointee.err, text: rd_kafka_message_errstr(message).map { String(cString: $0) } ?? "")
        self.log("Kafka reports an error in a partition", fault)
        guard let state = self.assignment.partitions[message.pointee.partition], state.phase == .reading else {
            return self.condition.note(fault)
        }
        switch fault.code {
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: self.stopOutsideLog(state)
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
            self.stop(
                state,
                reason:
                    "partition \(state.partition.partition) stands before offset \(state.next), whose record is larger"
                    + " than \(self.shared.configuration.maximumRecordBytes) bytes; raise the maximum record size")
        default: self.condition.note(fault)
        }
    }

    /// Stops a partition whose position the log does not have; what retention destroyed is recorded.
    private func stopOutsideLog(_ state: PartitionState) {
        let number = state.partition.partition
        guard let log = try? self.handle.watermarks(number, timeout: 2_000) else {
            return self.stop(
                state, reason: "partition \(number) stands at offset \(state.next), which the log does not have")
        }
        let bounds = "\(log.lowerBound)..<\(log.upperBound)"
        guard state.next < log.lowerBound else {
            return self.stop(
                state, reason: "partition \(number) stands at offset \(state.next), outside its log (\(bounds))")
        }
        // A partition that left and came back stops again; what is lost is counted once.
        let known = self.gaps[state.partition] ?? state.next
        self.gaps[state.partition] = max(known, log.lowerBound)
        self.metrics.noteGap(offsets: max(0, log.lowerBound - max(known, state.next)))
        self.shared.logger.info(
            "records were destroyed before they were read",
            metadata: [
                "churn.partition": "\(number)", "churn.from": "\(state.next)", "churn.to": "\(log.lowerBound)",
            ])
        self.stop(
            state,
            reason:
                "partition \(number) stands at offset \(state.next), but its log (\(bounds)) no longer reaches back:"
                + " \(log.lowerBound - state.next) records were destroyed unread")
    }

    private func stop(_ state: PartitionState, reason: String) {
        self.handle(.stopped(state.partition.partition, reason: reason))
    }
}
