import CRdKafka
import ChurnCore

/// Counts the delivery reports of everything that is on its way.
final class Deliveries: Sendable {
    private struct Batch {
        var left: Int
        var fault: KafkaFault?
        var waiter: CheckedContinuation<KafkaFault?, Never>?
    }

    private struct State {
        var batches: [UInt: Batch] = [:]
        var next: UInt = 1
        var roomWaiters: [CheckedContinuation<Void, Never>] = []
        var isClosed = false
    }

    private let state = Locked(State())

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
        let done: (CheckedContinuation<KafkaFault?, Never>, KafkaFault?)? = self.state.withLock { state in
            guard var batch = state.batches[number] else { return nil }
            batch.left = count >= batch.left ? 0 : batch.left - count
            batch.fault = batch.fault ?? fault
            guard batch.left <= 0, let waiter = batch.waiter else {
                state.batches[number] = batch
                return nil
            }
            state.batches[number] = nil
            return (waiter, batch.fault)
        }
        done?.0.resume(returning: done?.1)
    }

    /// Waits until all of a batch is done, and gives the first fault.
    ///
    /// librdkafka reports every record in the end, at the latest after `message.timeout.ms` or when the producer is
    /// closed. A task that is cancelled does not wait for that; its records count as not delivered.
    func outcome(_ number: UInt) async -> KafkaFault? {
        await withTaskCancellationHandler {
            await self.completion(of: number)
        } onCancel: {
            self.finish(number, count: .max, fault: KafkaFault(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT))
        }
    }

    private func completion(of number: UInt) async -> KafkaFault? {
        await withCheckedContinuation { continuation in
            let fault: KafkaFault?? = self.state.withLock { state in
                guard let batch = state.batches[number] else { return .some(nil) }
                if batch.left <= 0 {
                    state.batches[number] = nil
                    return .some(batch.fault)
                }
                state.batches[number]?.waiter = continuation
                return .none
            }
            if let fault { continuation.resume(returning: fault) }
        }
    }

    /// Waits until a report has made room in the queue.
    ///
    /// The polling thread calls `noteRoom` at every turn.
    func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let mayWait = self.state.withLock { state in
                if !state.isClosed { state.roomWaiters.append(continuation) }
                return !state.isClosed
            }
            if !mayWait { continuation.resume() }
        }
    }

    func noteRoom() {
        let waiters = self.state.withLock { state in
            defer { state.roomWaiters = [] }
            return state.roomWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

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
