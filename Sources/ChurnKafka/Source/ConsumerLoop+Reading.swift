import CRdKafka
import ChurnCore
import Logging

/// From librdkafka's records to the prefetch.
extension ConsumerLoop {
    /// Takes what there is and what there is room for.
    ///
    /// Where there is no room, only events are waited for.
    func read(now: ContinuousClock.Instant) {
        let room = self.shared.prefetch.room(now: now)
        guard room.records > 0, !self.lanes.isEmpty else {
            // A question or a full prefetch: the task takes its time, polling must go on.
            if let event = self.handle.nextEvent(wait: room.records > 0 ? Self.tick : 5) { self.heed(event) }
            return
        }
        // No more at a time than the batch's share of bytes, by what records were like lately.
        let share = max(1, self.shared.configuration.maximumBatchBytes / max(self.averageRecordBytes, 1))
        let gather = min(room.gathering?.milliseconds ?? 0, Self.tick)
        var load = Prefetch.Load()
        var last: Lane?
        let taken = self.handle.take(atMost: min(room.records, share), wait: Self.tick, gather: gather) { message in
            if message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR {
                self.heed(fault: message)
                return
            }
            let number = message.pointee.partition
            if last?.partition.partition != number { last = self.lanes[number] }
            guard let lane = last, lane.phase == .reading, message.pointee.offset >= lane.next else { return }
            self.load(Record(message, partition: lane.partition), of: lane, into: &load)
        }
        if load.count > 0 {
            self.averageRecordBytes = (self.averageRecordBytes * 7 + load.bytes / load.count) / 8
            self.condition.noteProgress()
            for range in load.ranges { self.lanes[range.partition.partition]?.loadIndex = nil }
            self.shared.prefetch.append(load, now: .now)
        } else if taken == 0 {
            self.shared.prefetch.nudge()
        }
    }

    private func load(_ record: Record, of lane: Lane, into load: inout Prefetch.Load) {
        let end = record.position.offset + 1
        if let index = lane.loadIndex {
            load.ranges[index].to = end
        } else {
            // The range begins where the last one ended, also where offsets between hold no record.
            lane.loadIndex = load.ranges.count
            load.ranges.append(OffsetRange(partition: lane.partition, from: lane.next, to: end))
        }
        lane.next = end
        lane.hasDelivered = true
        load.bytes += (record.value?.count ?? 0) + (record.key?.count ?? 0)
        switch self.shared.decoder.decode(record) {
        case .event(let entry): load.entries.append(entry)
        case .rejected(let rejection): load.rejections.append(rejection)
        }
    }

    /// An error in place of a record.
    private func heed(fault message: UnsafeMutablePointer<rd_kafka_message_t>) {
        let fault = KafkaFault(
            message.pointee.err, text: rd_kafka_message_errstr(message).map { String(cString: $0) } ?? "")
        guard fault.code != RD_KAFKA_RESP_ERR__PARTITION_EOF else { return }
        self.log("Kafka reports an error in a partition", fault)
        guard let lane = self.lanes[message.pointee.partition], lane.phase == .reading else {
            self.note(fault)
            return
        }
        switch fault.code {
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: self.stopOutsideLog(lane)
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
            self.stop(
                lane,
                reason:
                    "partition \(lane.partition.partition) stands before offset \(lane.next), whose record is larger"
                    + " than \(self.shared.configuration.maximumRecordBytes) bytes; raise the maximum record size")
        default: self.note(fault)
        }
    }

    /// Stops a partition whose position the log does not have; what retention destroyed is recorded.
    private func stopOutsideLog(_ lane: Lane) {
        let number = lane.partition.partition
        guard let log = try? self.handle.watermarks(number, timeout: 2_000) else {
            self.stop(lane, reason: "partition \(number) stands at offset \(lane.next), which the log does not have")
            return
        }
        let bounds = "\(log.lowerBound)..<\(log.upperBound)"
        guard lane.next < log.lowerBound else {
            self.stop(lane, reason: "partition \(number) stands at offset \(lane.next), outside its log (\(bounds))")
            return
        }
        self.metrics.noteGap(offsets: log.lowerBound - lane.next)
        self.shared.logger.info(
            "records were destroyed before they were read",
            metadata: [
                "churn.partition": "\(number)", "churn.from": "\(lane.next)", "churn.to": "\(log.lowerBound)",
            ])
        self.stop(
            lane,
            reason: "partition \(number) stands at offset \(lane.next), but its log (\(bounds)) no longer reaches back:"
                + " \(log.lowerBound - lane.next) records were destroyed unread")
    }

    private func stop(_ lane: Lane, reason: String) {
        lane.phase = .stopped
        lane.stoppedAt = lane.next
        self.condition.stopped[lane.partition.partition] = reason
        self.shared.logger.debug(
            "a partition stopped", metadata: ["churn.partition": "\(lane.partition.partition)"])
    }
}
