import CRdKafka
import ChurnCore
import Logging

/// Which partitions are read, and from where.
///
/// A partition that comes to this process is first a question to the sink, which the task that waits for batches asks.
/// Only when the answer is there is the partition handed to librdkafka, with its offset; the group waits for that,
/// while the thread goes on polling.
extension ConsumerLoop {
    // MARK: The group's doing

    /// Partitions that the group gives to this member.
    func takeOver(_ partitions: [Int32]) {
        self.metrics.noteAssignment()
        self.shared.logger.debug(
            "partitions assigned", metadata: ["churn.partitions": "\(partitions.sorted())"])
        self.owesAssignment = true
        self.countPartitions()
        self.condition.hasStarted = true
        self.condition.noteProgress()
        self.ask(for: partitions)
        if partitions.isEmpty { self.handOver() }
    }

    /// Partitions that the group takes away: their prefetch dies here.
    func giveUp(_ partitions: [Int32], lost: Bool) {
        self.metrics.noteRevocation(lost: lost)
        self.shared.logger.debug(
            "partitions revoked", metadata: ["churn.partitions": "\(partitions.sorted())", "churn.lost": "\(lost)"])
        let isCooperative = self.handle.isCooperative
        let leaving = isCooperative ? Set(partitions) : Set(self.lanes.keys)
        let assigned = leaving.filter { self.lanes[$0]?.isAssigned == true }
        self.shared.prefetch.drop(leaving)
        for partition in leaving {
            self.lanes[partition] = nil
            self.condition.stopped[partition] = nil
            self.metrics.noteLag(nil, partition: partition)
        }
        self.owesAssignment = false
        if let openQuestion, !self.lanes.values.contains(where: { $0.phase == .asking }) {
            self.shared.prefetch.withdraw(openQuestion)
            self.openQuestion = nil
        }
        self.attempt { isCooperative ? try self.handle.removeAssigned(Array(assigned)) : try self.handle.unassign() }
    }

    // MARK: Questions and answers

    /// Starts lanes for these partitions and asks the sink where they go on.
    func ask(for partitions: [Int32]) {
        guard let name = self.shared.facts.name else { return }
        for partition in partitions {
            let stream = StreamIdentity(name: name)
            self.lanes[partition] = Lane(StreamPartition(stream: stream, partition: partition))
        }
        if self.lanes.values.contains(where: { $0.phase == .asking }) { self.ask() }
    }

    private func ask() {
        guard let name = self.shared.facts.name else { return }
        self.questions += 1
        self.openQuestion = self.questions
        self.shared.prefetch.ask(
            Prefetch.Question(
                id: self.questions, stream: name, partitions: self.shared.facts.partitions(and: self.lanes.keys)))
    }

    /// The sink's answer: partitions that it knows go on there, the others are looked up.
    func heed(answer id: Int, _ positions: StreamPositions) {
        guard id == self.openQuestion else { return }
        self.openQuestion = nil
        for lane in self.lanes.values {
            switch lane.phase {
            case .asking: self.place(lane, by: positions)
            case .stopped where self.hasMoved(lane, by: positions):
                self.condition.stopped[lane.partition.partition] = nil
                self.place(lane, by: positions)
            default: break
            }
        }
        self.lookUp(now: .now)
        self.handOver()
    }

    /// Goes back to the stored positions.
    ///
    /// Afterwards nothing that was read before is delivered.
    func restart(_ partitions: Set<Int32>, _ positions: StreamPositions) {
        self.shared.prefetch.drop(partitions)
        for partition in partitions {
            guard let lane = self.lanes[partition], lane.phase != .asking else { continue }
            self.condition.stopped[partition] = nil
            let wasFetching = lane.isFetching
            self.place(lane, by: positions)
            if wasFetching, lane.phase == .ready { lane.phase = .seeking(attempts: 0) }
        }
        self.seek()
        self.lookUp(now: .now)
        self.handOver()
    }

    private func place(_ lane: Lane, by positions: StreamPositions) {
        let number = lane.partition.partition
        if let stored = positions.stored[number] {
            lane.start(at: stored.nextOffset, in: positions.stream, phase: .ready)
        } else {
            let isNew = !positions.stored.isEmpty || Int(number) >= self.firstPartitionCount ?? .max
            lane.start(at: 0, in: positions.stream, phase: .resolving(isNew: isNew))
        }
    }

    private func hasMoved(_ lane: Lane, by positions: StreamPositions) -> Bool {
        positions.stream != lane.partition.stream
            || positions.stored[lane.partition.partition]?.nextOffset != lane.stoppedAt
    }

    // MARK: Looking starts up at the brokers

    /// Finds where partitions start that the sink does not know; what cannot be found now is tried again later.
    private func lookUp(now: ContinuousClock.Instant) {
        let waiting = self.lanes.values.filter(\.isResolving)
        guard !waiting.isEmpty else { return }
        // In a later epoch the group's commits belong to the topic's earlier life.
        let first = waiting.filter { $0.partition.stream.epoch == 0 }.map(\.partition.partition)
        let committed = self.lookUp { first.isEmpty ? [:] : try self.handle.committed(first, timeout: 2_000) }
        guard let committed else { return }
        // A partition without a leader must not hold the others up for long.
        var timeout: Int32 = 2_000
        for lane in waiting {
            guard case .resolving(let isNew) = lane.phase else { continue }
            let number = lane.partition.partition
            if let offset = committed[number] {
                lane.start(at: offset, in: lane.partition.stream, phase: .ready)
            } else if let log = self.lookUp({ try self.handle.watermarks(number, timeout: timeout) }) {
                let isLatest = !isNew && self.shared.configuration.start == .latest
                lane.start(at: isLatest ? log.upperBound : log.lowerBound, in: lane.partition.stream, phase: .ready)
                if isLatest { self.pin(lane) }
            } else {
                timeout = 200
            }
        }
    }

    private func lookUp<Found>(_ body: () throws -> Found) -> Found? {
        do { return try body() } catch let fault as KafkaFault {
            self.nextLookups = .now + .seconds(1)
            self.log("the start of a partition could not be looked up", fault)
            self.note(fault)
        } catch {}
        return nil
    }

    /// Has the sink remember the place, by a batch that covers nothing.
    private func pin(_ lane: Lane) {
        var load = Prefetch.Load()
        load.ranges = [OffsetRange(partition: lane.partition, from: lane.next, to: lane.next)]
        self.shared.prefetch.append(load, now: .now)
    }

    // MARK: Handing over to librdkafka

    /// Hands partitions whose position is known to librdkafka, and answers the group if it waits for that.
    private func handOver() {
        let isAsking = self.lanes.values.contains { $0.phase == .asking }
        let ready = self.lanes.values.filter { $0.phase == .ready }
        guard !isAsking, self.owesAssignment || !ready.isEmpty else { return }
        let isHanded = self.attempt {
            if self.handle.isCooperative {
                let again = ready.filter(\.isAssigned).map(\.partition.partition)
                if !again.isEmpty { try self.handle.removeAssigned(again) }
                try self.handle.addAssigned(ready.map { ($0.partition.partition, $0.next) })
            } else {
                // Names all partitions: those that were read already go on behind what was taken of them.
                let all = self.lanes.values.filter { $0.phase == .ready || $0.isFetching }
                try self.handle.assign(all.map { ($0.partition.partition, $0.next) })
                for lane in self.lanes.values { lane.isAssigned = false }
                for lane in all { (lane.isAssigned, lane.hasDelivered, lane.phase) = (true, false, .reading) }
            }
        }
        guard isHanded else { return }
        for lane in ready { (lane.isAssigned, lane.hasDelivered, lane.phase) = (true, false, .reading) }
        self.owesAssignment = false
    }

    private func seek() {
        let moving = self.lanes.values.filter { if case .seeking = $0.phase { true } else { false } }
        guard !moving.isEmpty else { return }
        let left = self.handle.seek(moving.map { ($0.partition.partition, $0.next) })
        for lane in moving {
            guard case .seeking(let attempts) = lane.phase else { continue }
            if !left.contains(lane.partition.partition) {
                lane.phase = .reading
            } else if attempts < 20 {
                lane.phase = .seeking(attempts: attempts + 1)
            } else {
                // librdkafka does not fetch it (any more): assign it anew.
                lane.phase = .ready
            }
        }
    }

    // MARK: From time to time

    /// What has to be tried again or looked at.
    func keepUp(now: ContinuousClock.Instant) {
        self.commitHints(now: now)
        if now >= self.nextRedirection {
            self.nextRedirection = now + .milliseconds(100)
            self.handle.redirect(
                self.lanes.values.filter { $0.isAssigned && !$0.hasDelivered }.map(\.partition.partition))
        }
        self.seek()
        if now >= self.nextLookups { self.lookUp(now: now) }
        self.handOver()
        if now >= self.nextDiscovery { self.discover(now: now) }
        if now >= self.nextRecheck, self.openQuestion == nil, !self.condition.stopped.isEmpty {
            // Somebody may have reset the positions of partitions that stand still.
            self.nextRecheck = now + .seconds(5)
            self.ask()
        }
    }

    /// Without a group, nobody else tells of partitions that are new.
    private func discover(now: ContinuousClock.Instant) {
        guard case .assigned(let chosen) = self.shared.configuration.membership.kind else { return }
        guard let count = self.countPartitions() else {
            self.nextDiscovery = now + .milliseconds(500)
            return
        }
        self.nextDiscovery = now + self.shared.configuration.metadataRefresh
        self.condition.hasStarted = true
        let wanted = chosen ?? (0..<Int32(clamping: count)).map { $0 }
        self.ask(for: wanted.filter { self.lanes[$0] == nil })
    }

    @discardableResult private func countPartitions() -> Int? {
        do {
            let count = try self.handle.partitionCount(timeout: 1_000)
            if self.firstPartitionCount == nil { self.firstPartitionCount = count }
            self.shared.facts.extend(to: count)
            return count
        } catch let fault as KafkaFault {
            // A topic that does not exist yet starts at its beginning once it does.
            if fault.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART { self.firstPartitionCount = 0 }
            self.log("the topic could not be looked up", fault)
            self.note(fault)
        } catch {}
        return nil
    }

    /// Calls librdkafka and notes its refusal; what is still wanted is tried again by `keepUp`.
    @discardableResult private func attempt(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch let fault as KafkaFault {
            self.log("an assignment was refused", fault)
        } catch {}
        return false
    }
}
