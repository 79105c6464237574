/// The role of a process.
enum ProcessRole: String, CaseIterable, Sendable {
    case all
    case process
    case serve

    /// Whether it reads events and scores them.
    var processes: Bool { self != .serve }
    /// Whether it answers HTTP and WebSocket clients.
    var serves: Bool { self != .process }
}
