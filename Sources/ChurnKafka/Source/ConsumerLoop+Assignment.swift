import CRdKafka
import ChurnCore
import Logging

/// The steps of the ``Assignment``, taken with librdkafka.
///
/// While the sink is asked, the group waits for this member's answer and the thread goes on polling.
extension ConsumerLoop {
    func handle(_ input: Assignment.Input) {
        for action in self.assignment.handle(input) { self.perform(action) }
        self.condition.stopped = self.assignment.partitions.compactMapValues(\.stopReason)
    }

    /// Does what is due; once a tick.
    func reconcile(now: ContinuousClock.Instant) {
        if now >= self.nextDiscovery { self.discover(now: now) }
        if now >= self.nextRecheck {
            self.nextRecheck = now + .seconds(5)
            if !self.condition.stopped.isEmpty { self.handle(.recheck) }
            // Without a record, nothing else says that a topic's fault is gone.
            if self.condition.hasTopicFault { self.countPartitions() }
        }
        if now >= self.nextLook {
            self.nextLook = now + Self.idle
            self.lookAtTopic()
        }
        let isCooperative = self.handle.isCooperative
        for step in Assignment.Step.allCases where step != .lookUp || now >= self.nextLookups {
            if let action = self.assignment.due(step, isCooperative: isCooperative) { self.perform(action) }
        }
        if now >= self.nextRedirection {
            self.nextRedirection = now + .milliseconds(100)
            self.handle.redirect(
                self.assignment.partitions.filter { $1.isAssigned && !$1.hasDelivered }.map(\.key))
        }
    }

    private func perform(_ action: Assignment.Action) {
        switch action {
        case .drop(let numbers):
            self.shared.prefetch.drop(numbers)
            for number in numbers where self.assignment.partitions[number] == nil {
                self.metrics.noteLag(nil, partition: number)
            }
        case .release(let numbers): self.attempt { try self.handle.removeAssigned(numbers) }
        case .releaseAll: self.attempt { try self.handle.unassign() }
        case .lookUp(let waiting): self.lookUp(waiting)
        case .ask(let question): self.shared.prefetch.ask(question)
        case .seek(let moving): self.handle(.sought(left: self.handle.seek(moving.map { ($0.key, $0.value) })))
        case .assign(let all):
            if self.attempt({ try self.handle.assign(all.map { ($0.key, $0.value) }) }) {
                self.handle(.handedOver(isCooperative: false))
            }
        case .add(let ready, let again):
            let isHanded = self.attempt {
                if !again.isEmpty { try self.handle.removeAssigned(again) }
                try self.handle.addAssigned(ready.map { ($0.key, $0.value) })
            }
            if isHanded { self.handle(.handedOver(isCooperative: true)) }
        }
    }

    /// Finds where partitions start that the sink does not know; what cannot be found now is tried again later.
    private func lookUp(_ waiting: [Int32: Bool]) {
        // The count is stored with the first position: only so is a partition that is added later known as such.
        guard self.assignment.partitionCount != nil || self.countPartitions() != nil else {
            return self.nextLookups = .now + .seconds(1)
        }
        // In a later epoch the group's commits belong to the topic's earlier life.
        let first = waiting.keys.filter { self.assignment.partitions[$0]?.partition.stream.epoch == 0 }
        let committed = self.lookUp { first.isEmpty ? [:] : try self.handle.committed(first, timeout: 2_000) }
        guard let committed else { return }
        // A partition without a leader must not hold the others up for long.
        var timeout: Int32 = 2_000
        var starts: [Int32: Int64] = [:]
        for (number, isNew) in waiting {
            if let offset = committed[number] {
                starts[number] = offset
            } else if let log = self.lookUp({ try self.handle.watermarks(number, timeout: timeout) }) {
                let isLatest = !isNew && self.shared.configuration.start == .latest
                starts[number] = isLatest ? log.upperBound : log.lowerBound
            } else {
                timeout = 200
            }
        }
        self.handle(.resolved(starts))
    }

    private func lookUp<Found>(_ body: () throws -> Found) -> Found? {
        do { return try body() } catch let fault as KafkaFault {
            self.nextLookups = .now + .seconds(1)
            self.log("the start of a partition could not be looked up", fault)
            self.condition.note(fault)
        } catch {}
        return nil
    }

    /// Finds partitions that are new, of which no group informs this process.
    private func discover(now: ContinuousClock.Instant) {
        guard case .assigned(let chosen) = self.shared.configuration.membership.kind else { return }
        guard let count = self.countPartitions() else {
            self.nextDiscovery = now + .milliseconds(500)
            return
        }
        self.nextDiscovery = now + self.shared.configuration.metadataRefresh
        self.condition.hasStarted = true
        let wanted = chosen ?? (0..<Int32(clamping: count)).map { $0 }
        let found = wanted.filter { self.assignment.partitions[$0] == nil }
        guard !found.isEmpty else { return }
        self.log(found, "Partitions found")
        self.handle(.gained(found, isOwed: false))
    }

    @discardableResult func countPartitions() -> Int? {
        do {
            let count = try self.handle.partitionCount(timeout: 1_000)
            if self.assignment.partitionCount == nil { self.assignment.partitionCount = count }
            self.condition.noteTopic(nil)
            return count
        } catch let fault as KafkaFault {
            // A topic that does not exist yet starts at its beginning once it does.
            if fault.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART { self.assignment.partitionCount = 0 }
            self.log("the topic could not be looked up", fault)
            self.condition.noteTopic(fault)
        } catch {}
        return nil
    }

    /// Finds out whether a topic that brings nothing was deleted, or may not be read any more.
    ///
    /// Brokers that do not answer are another matter, which librdkafka reports by itself.
    private func lookAtTopic() {
        guard self.condition.health == .healthy else { return }
        do { _ = try self.handle.partitionCount(timeout: 1_000) } catch let fault as KafkaFault {
            if SourceCondition.isOfTopic(fault) { self.condition.noteTopic(fault) }
        } catch {}
    }

    /// Calls librdkafka and notes its refusal; what is still wanted is tried again at the next tick.
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
