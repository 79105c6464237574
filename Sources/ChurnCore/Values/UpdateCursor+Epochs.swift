/// A cursor of a stream that was started again names the partitions of the epochs that are over for no longer than it
/// must.
///
/// A page of the log gives all of an epoch before the first update of the next one, and nothing is written to an epoch
/// that is over. So whoever has read an update of an epoch has seen all of those before it, and need not name them.
extension UpdateCursor {
    /// The newest epoch of each stream that the cursor names.
    public var epochs: [StreamName: Int32] {
        self.seen.keys.reduce(into: [:]) { epochs, partition in
            let name = partition.stream.name
            epochs[name] = max(epochs[name] ?? partition.stream.epoch, partition.stream.epoch)
        }
    }

    /// The same place without the epochs that are over, for a cursor that has seen all that was written to them.
    public var withoutFinishedEpochs: UpdateCursor {
        let epochs = self.epochs
        return UpdateCursor(seen: self.seen.filter { epochs[$0.key.stream.name] == $0.key.stream.epoch })
    }

    /// Goes on to the end of a block, the next one of its partition on a page of the log.
    public mutating func advance(past block: UpdateBlock) {
        guard let last = block.numbers.last else { return }
        self.advance(block.partition, to: last)
    }

    /// Goes on to a number that a page of the log gave for a partition.
    public mutating func advance(_ partition: StreamPartition, to number: Int64) {
        guard let seen = self.seen.updateValue(number, forKey: partition) else {
            let stream = partition.stream
            self.seen = self.seen.filter {
                $0.key.stream.name != stream.name || $0.key.stream.epoch >= stream.epoch
            }
            return
        }
        if seen > number { self.seen[partition] = seen }
    }
}
