public import ChurnCore

/// Hands blocks to closures and streams in the same process.
///
/// A stream that is not read fast enough loses its oldest blocks, so that publishing never waits and memory stays
/// bounded; its reader sees the hole by the numbers and turns to the update log.
public final class InMemoryBroadcaster: Broadcaster {
    private struct State {
        var streams: [Int: AsyncStream<[UpdateBlock]>.Continuation] = [:]
        var nextID = 0
    }

    private let state = Locked(State())
    private let handler: (@Sendable ([UpdateBlock]) -> Void)?

    /// Creates a broadcaster.
    ///
    /// - Parameter handler: called with all that is published, in the caller's task; it must be quick.
    public init(handler: (@Sendable ([UpdateBlock]) -> Void)? = nil) { self.handler = handler }

    /// Passes on blocks to the handler and to every stream.
    public func publish(_ blocks: [UpdateBlock]) {
        guard !blocks.isEmpty else { return }
        self.handler?(blocks)
        let streams = self.state.withLock { Array($0.streams.values) }
        for stream in streams { stream.yield(blocks) }
    }

    /// Returns the blocks published from now on; ends with its reader's task.
    ///
    /// - Parameter bufferedAtMost: how many publications wait for the reader before the oldest is lost.
    public func publications(bufferedAtMost: Int = 256) -> AsyncStream<[UpdateBlock]> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: [UpdateBlock].self, bufferingPolicy: .bufferingNewest(max(1, bufferedAtMost)))
        let id = self.state.withLock { state in
            state.nextID += 1
            state.streams[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.streams.removeValue(forKey: id) }
        }
        return stream
    }

    /// Ends every stream after what is buffered.
    public func finish() {
        let streams = self.state.withLock { state in
            defer { state.streams = [:] }
            return Array(state.streams.values)
        }
        for stream in streams { stream.finish() }
    }
}
