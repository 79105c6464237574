public import Testing

/// The calls that go wrong and how: nothing, one given call, all of one seam, or whatever a seed decides.
public struct FaultPlan: Hashable, Sendable, CustomTestStringConvertible {
    enum Kind: Hashable, Sendable {
        case none
        case single(Fault, Seam, call: Int)
        case every(Fault, Seam)
        case seeded(UInt64, rate: Double)
    }

    let kind: Kind

    /// Nothing goes wrong.
    public static let none = FaultPlan(kind: .none)

    /// One call goes wrong: the `call`-th on its seam, counted from 1.
    public static func single(_ fault: Fault, on seam: Seam, call: Int) -> FaultPlan {
        FaultPlan(kind: .single(fault, seam, call: call))
    }

    /// Every call on one seam goes wrong.
    public static func every(_ fault: Fault, on seam: Seam) -> FaultPlan { FaultPlan(kind: .every(fault, seam)) }

    /// Each call goes wrong with this probability, in one of the ways that its seam has; the seed decides.
    public static func seeded(_ seed: UInt64, rate: Double = 0.1) -> FaultPlan {
        FaultPlan(kind: .seeded(seed, rate: rate))
    }

    /// Every fault of every seam, on each of the first calls: one plan each.
    public static let everySingleFault: [FaultPlan] = FaultPlan.everySingleFault(calls: 5)

    /// Every fault of every seam, on each of the first `calls` calls: one plan each.
    public static func everySingleFault(calls: Int) -> [FaultPlan] {
        Seam.all.flatMap { seam in
            seam.faults.flatMap { fault in (1...max(1, calls)).map { .single(fault, on: seam, call: $0) } }
        }
    }

    /// Whether calls are late at worst.
    var onlyDelays: Bool {
        switch self.kind {
        case .none, .single(.delay, _, _), .every(.delay, _): true
        default: false
        }
    }

    /// A short description of the plan.
    public var testDescription: String {
        switch self.kind {
        case .none: "no fault"
        case .single(let fault, let seam, let call): "\(fault.rawValue) on call \(call) of \(seam.rawValue)"
        case .every(let fault, let seam): "\(fault.rawValue) on every call of \(seam.rawValue)"
        case .seeded(let seed, let rate): "faults by seed \(seed) at rate \(rate)"
        }
    }
}
