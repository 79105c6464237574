/// A call between two parts of the system, at which faults can be put.
public struct Seam: RawRepresentable, Hashable, Sendable {
    /// The name in test output.
    public var rawValue: String
    /// Creates a seam from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// `EventSource.start`.
    public static let sourceStart = Self(rawValue: "source.start")
    /// `EventSource.nextBatch`.
    public static let sourceNext = Self(rawValue: "source.next")
    /// `EventSource.restart`.
    public static let sourceRestart = Self(rawValue: "source.restart")
    /// `EventSource.commit`.
    public static let sourceCommit = Self(rawValue: "source.commit")
    /// `PositionStore.positions` and `PositionStore.pin`.
    public static let positions = Self(rawValue: "store.positions")
    /// `FeatureStore.states`.
    public static let states = Self(rawValue: "store.states")
    /// `PredictionSink.reserveEventIDs`.
    public static let reserve = Self(rawValue: "store.reserve")
    /// `TransactionalStore.accepted` and `TransactionalStore.claimTurn`.
    public static let accepted = Self(rawValue: "store.accepted")
    /// `PredictionSink.write`.
    public static let write = Self(rawValue: "store.write")
    /// `PredictionSink.prepareWrite`.
    public static let prepareWrite = Self(rawValue: "store.prepare-write")
    /// `TransactionalStore.write` with a fold.
    public static let lockedWrite = Self(rawValue: "store.locked-write")
    /// `Predictor.predict`.
    public static let predict = Self(rawValue: "predictor.predict")
    /// `Broadcaster.publish`.
    public static let publish = Self(rawValue: "broadcaster.publish")

    /// Every seam, in the order in which a batch passes them.
    public static let all: [Seam] = [
        .sourceStart, .positions, .sourceNext, .reserve, .states, .accepted, .predict, .prepareWrite, .write,
        .lockedWrite, .publish, .sourceCommit, .sourceRestart,
    ]

    /// The faults that can happen here.
    public var faults: [Fault] {
        switch self {
        case .sourceNext: [.fail, .delay, .duplicate, .reorder]
        case .sourceCommit: [.delay, .lose]
        case .write, .lockedWrite: [.fail, .failAfter, .delay, .duplicate]
        case .publish: [.lose, .duplicate, .reorder]
        default: [.fail, .delay]
        }
    }
}

/// The fault of a call.
public enum Fault: String, Hashable, Sendable, CaseIterable {
    /// It fails before anything happened.
    case fail
    /// It happens, and its caller is informed that it failed or that the outcome is not known.
    case failAfter
    /// It happens late.
    case delay
    /// It happens, or is delivered, twice.
    case duplicate
    /// Something later is delivered before it.
    case reorder
    /// It does not happen, and no one is informed.
    case lose
}
