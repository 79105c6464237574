import CRdKafka
import ChurnCore

/// Counts the delivery reports of everything that is on its way.
final class Deliveries: Sendable {
    private struct Batch {
        var left: Int
        var fault: KafkaFault?
        let done = Completion()
    }

    private struct State {
        var batches: [UInt: Batch] = [:]
        var next: UInt = 1
        var isClosed = false
    }

    private let state = Locked(State())
    private let room = Wakeup()

    /// Starts to count a batch of records.
    ///
    /// Its number goes with each record.
    func begin(_ count: Int) -> UInt {
        self.state.withLock { state in
            defer { state.next += 1 }
            state.batches[state.next] = Batch(left: count)
            return state.next
        }
    }

    /// Records of a batch are done, `count` of them with the same outcome.
    func finish(_ number: UInt, count: Int = 1, fault: KafkaFault?) {
        let done: Completion? = self.state.withLock { state in
            guard var batch = state.batches[number] else { return nil }
            batch.left -= min(count, batch.left)
            batch.fault = batch.fault ?? fault
            state.batches[number] = batch
            return batch.left == 0 ? batch.done : nil
        }
        done?.fulfil()
    }

    /// Waits until all of a batch is done, and gives the first fault.
    ///
    /// librdkafka reports every record in the end, at the latest after `message.timeout.ms` or when the producer is
    /// closed. A task that is cancelled does not wait for that; its records count as not delivered.
    func outcome(_ number: UInt) async -> KafkaFault? {
        await self.state.withLock { $0.batches[number]?.done }?.wait()
        return self.state.withLock { state in
            guard let batch = state.batches.removeValue(forKey: number) else { return nil }
            return batch.fault ?? (batch.left > 0 ? KafkaFault(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) : nil)
        }
    }

    /// Waits until a report may have made room in the queue.
    ///
    /// The polling thread calls `noteRoom` at every turn.
    func waitForRoom() async { if !self.state.withLock({ $0.isClosed }) { await self.room.wait() } }

    func noteRoom() { self.room.wake() }

    /// Nothing is reported any more: what is left counts as not delivered.
    func close(_ fault: KafkaFault) {
        let numbers = self.state.withLock { state in
            state.isClosed = true
            return Array(state.batches.keys)
        }
        for number in numbers { self.finish(number, count: .max, fault: fault) }
        self.noteRoom()
    }
}
