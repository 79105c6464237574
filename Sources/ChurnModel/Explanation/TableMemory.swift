/// Numbers in memory that begins at a cache line, so that no entry of 64 bytes lies in two.
///
/// Written before it is shared, and never again.
final class TableMemory: @unchecked Sendable {
    let start: UnsafeMutablePointer<Double>
    let count: Int

    /// Memory for zeros.
    init(count: Int) {
        self.count = count
        self.start = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Double>.stride, alignment: 64
        ).bindMemory(to: Double.self, capacity: count)
        self.start.initialize(repeating: 0, count: count)
    }

    deinit { self.start.deallocate() }
}
