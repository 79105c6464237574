import ChurnCore
import Testing

@testable import ChurnKafka

@Suite("Assignment of partitions")
struct AssignmentTests {
    private typealias Phase = PartitionState.Phase
    private static let stopped = Phase.stopped(reason: "r")
    private static let name = StreamName(cluster: "c", topic: "t")
    private static let stream = StreamIdentity(name: Self.name)

    private static func positions(
        _ stored: [Int32: Int64], epoch: Int32 = 0, count: Int? = nil
    ) -> StreamPositions {
        StreamPositions(
            stream: StreamIdentity(name: Self.name, epoch: epoch),
            stored: stored.mapValues { StoredPosition(nextOffset: $0) }, partitionCount: count)
    }

    /// An assignment whose partition 0 is in each phase, with what led there.
    private static func assignment(_ phase: Phase, isCooperative: Bool = true) -> Assignment {
        var assignment = Assignment(stream: Self.name)
        assignment.partitionCount = 2
        _ = assignment.handle(.gained([0], isOwed: true))
        guard phase != .unknown else { return assignment }
        _ = assignment.due(.ask, isCooperative: isCooperative)
        if case .unresolved = phase {
            _ = assignment.handle(.answered(id: 1, Self.positions([:])))
            return assignment
        }
        if case .unpinned(let start) = phase {
            _ = assignment.handle(.answered(id: 1, Self.positions([:])))
            _ = assignment.handle(.resolved([0: start]))
            return assignment
        }
        _ = assignment.handle(.answered(id: 1, Self.positions([0: 5])))
        guard phase != .ready else { return assignment }
        _ = assignment.due(.handOver, isCooperative: isCooperative)
        _ = assignment.handle(.handedOver(isCooperative: isCooperative))
        assignment.advance(0, to: 9)
        if case .seeking = phase { _ = assignment.handle(.overflowed([0])) }
        if phase == Self.stopped { _ = assignment.handle(.stopped(0, reason: "r")) }
        return assignment
    }

    private static let phases: [Phase] = [
        .unknown, .unresolved(count: nil), .unpinned(7), .ready, .seeking(attempts: 0), .reading, stopped,
    ]

    @Test("each phase is reached, and has one thing that is due", arguments: phases)
    private func due(_ phase: Phase) {
        var assignment = Self.assignment(phase)
        #expect(assignment.partitions[0]?.phase == phase)
        let due = Assignment.Step.allCases.compactMap { assignment.due($0, isCooperative: true) }
        let expected: [Assignment.Action] =
            switch phase {
            case .unknown: [.ask(.init(id: 1, kind: .positions([0])))]
            // The group is not kept waiting by the brokers.
            case .unresolved: [.lookUp([0: false]), .add([:], afterRemoving: [])]
            case .unpinned:
                [
                    .ask(.init(id: 2, kind: .pin([0: 7], of: Self.stream, partitionCount: 2))),
                    .add([:], afterRemoving: []),
                ]
            case .ready: [.add([0: 5], afterRemoving: [])]
            case .seeking: [.seek([0: 9])]
            case .reading, .stopped: []
            }
        #expect(due == expected)
        #expect(assignment.due(.ask, isCooperative: true) == nil, "a question is asked twice")
    }

    /// The transitions of partition 0.
    private static let transitions: [(Phase, Assignment.Input, Phase?)] = [
        (.unknown, .answered(id: 1, positions([0: 5])), .unknown),  // never asked
        (.unknown, .restarted([0]), .unknown), (.unknown, .revoked([0], isCooperative: true), nil),
        (.unknown, .stopped(0, reason: "r"), stopped),
        (.unresolved(count: nil), .resolved([0: 7]), .unpinned(7)),
        (.unresolved(count: nil), .restarted([0]), .unknown),
        (.unresolved(count: nil), .answered(id: 1, positions([0: 5])), .unresolved(count: nil)),  // asked before
        (.unpinned(7), .restarted([0]), .unknown), (.unpinned(7), .revoked([], isCooperative: false), nil),
        (.ready, .handedOver(isCooperative: true), .reading), (.ready, .handedOver(isCooperative: false), .reading),
        (.ready, .sought(left: []), .ready), (.ready, .overflowed([0]), .ready), (.ready, .restarted([0]), .unknown),
        (.seeking(attempts: 0), .sought(left: []), .reading),
        (.seeking(attempts: 0), .sought(left: [0]), .seeking(attempts: 1)),
        (.seeking(attempts: 0), .handedOver(isCooperative: true), .seeking(attempts: 0)),
        (.seeking(attempts: 0), .handedOver(isCooperative: false), .reading),
        (.seeking(attempts: 0), .restarted([0]), .unknown),
        (.reading, .overflowed([0]), .seeking(attempts: 0)), (.reading, .overflowed([1]), .reading),
        (.reading, .stopped(0, reason: "r"), stopped), (.reading, .restarted([0]), .unknown),
        (.reading, .restarted([1]), .reading), (.reading, .sought(left: []), .reading),
        (.reading, .handedOver(isCooperative: true), .reading), (.reading, .recheck, .reading),
        (.reading, .revoked([1], isCooperative: true), .reading), (.reading, .revoked([0], isCooperative: true), nil),
        (.reading, .revoked([], isCooperative: false), nil), (.reading, .gained([0], isOwed: true), .unknown),
        (stopped, .restarted([0]), stopped), (stopped, .handedOver(isCooperative: false), stopped),
        (stopped, .overflowed([0]), stopped), (stopped, .sought(left: []), stopped), (stopped, .recheck, stopped),
    ]

    @Test("inputs lead from phase to phase")
    func transits() {
        for (number, (phase, input, expected)) in Self.transitions.enumerated() {
            var assignment = Self.assignment(phase)
            _ = assignment.handle(input)
            #expect(assignment.partitions[0]?.phase == expected, "transition \(number): \(phase), \(input)")
        }
    }

    @Test("an answer places what was asked about, in its epoch, and one that came too late places nothing")
    func answers() {
        let cases: [(StreamPositions, Phase)] = [
            (Self.positions([0: 5]), .ready), (Self.positions([0: 5], epoch: 3), .ready),
            (Self.positions([1: 5]), .unresolved(count: nil)), (Self.positions([:], count: 0), .unresolved(count: 0)),
        ]
        for (positions, phase) in cases {
            var assignment = Self.assignment(.unknown)
            _ = assignment.due(.ask, isCooperative: true)
            _ = assignment.handle(.answered(id: 1, positions))
            #expect(assignment.partitions[0]?.phase == phase)
            #expect(assignment.partitions[0]?.partition.stream == positions.stream)
        }
        for change in [.restarted([0]), .gained([1], isOwed: true), .revoked([1], isCooperative: true)]
            as [Assignment.Input]
        {
            var assignment = Self.assignment(.unknown)
            _ = assignment.due(.ask, isCooperative: true)
            _ = assignment.handle(change)
            _ = assignment.handle(.answered(id: 1, Self.positions([0: 5])))
            #expect(assignment.partitions[0]?.phase == .unknown, "\(change)")
            guard case .ask(let question?) = assignment.due(.ask, isCooperative: true) else {
                Issue.record("nothing is asked after \(change)")
                continue
            }
            #expect(question.id == 2)
        }
    }

    @Test("a pin goes on where the sink says, and is made again in the epoch that the sink says")
    func pins() {
        var assignment = Self.assignment(.unpinned(7))
        _ = assignment.due(.ask, isCooperative: true)
        _ = assignment.handle(.answered(id: 2, Self.positions([0: 4])))
        #expect(assignment.due(.handOver, isCooperative: true) == .add([0: 4], afterRemoving: []))
        assignment = Self.assignment(.unpinned(7))
        _ = assignment.due(.ask, isCooperative: true)
        _ = assignment.handle(.answered(id: 2, Self.positions([:], epoch: 1)))
        #expect(assignment.due(.lookUp, isCooperative: true) == .lookUp([0: false]))
        _ = assignment.handle(.resolved([0: 2]))
        let stream = StreamIdentity(name: Self.name, epoch: 1)
        #expect(
            assignment.due(.ask, isCooperative: true)
                == .ask(.init(id: 3, kind: .pin([0: 2], of: stream, partitionCount: 2))))
    }

    @Test("partitions from the first count on were added later", arguments: [(nil, false), (1, false), (0, true)])
    func counts(remembered: Int?, isNew: Bool) {
        var assignment = Self.assignment(.unknown)
        _ = assignment.due(.ask, isCooperative: true)
        _ = assignment.handle(.answered(id: 1, Self.positions([:], count: remembered)))
        #expect(assignment.due(.lookUp, isCooperative: true) == .lookUp([0: isNew]))
    }

    @Test(
        "a stopped partition goes on where it was moved, and nowhere that reading leads to",
        arguments: [
            (positions([:]), false), (positions([0: 5]), false), (positions([0: 8]), false),
            (positions([0: 9]), false), (positions([0: 10]), true), (positions([0: 4]), true),
            (positions([:], epoch: 1), true), (positions([0: 9], epoch: 1), true),
        ])
    func moves(_ positions: StreamPositions, isMoved: Bool) {
        for change in [.recheck, .restarted([0])] as [Assignment.Input] {
            var assignment = Self.assignment(Self.stopped)
            _ = assignment.handle(change)
            #expect(
                assignment.due(.ask, isCooperative: true) == .ask(.init(id: 2, kind: .positions([0]))))
            _ = assignment.handle(.answered(id: 2, positions))
            #expect((assignment.partitions[0]?.stopReason == nil) == isMoved)
        }
    }

    @Test(
        "a restart moves a partition that is read, and hands one over again that stands still",
        arguments: [true, false])
    func restarts(isCooperative: Bool) {
        var assignment = Self.assignment(.reading, isCooperative: isCooperative)
        #expect(assignment.handle(.restarted([0])) == [.drop([0])])
        _ = assignment.due(.ask, isCooperative: isCooperative)
        _ = assignment.handle(.answered(id: 2, Self.positions([0: 6])))
        #expect(assignment.due(.seek, isCooperative: isCooperative) == .seek([0: 6]))
        for _ in 0...20 { _ = assignment.handle(.sought(left: [0])) }
        #expect(
            assignment.due(.handOver, isCooperative: isCooperative)
                == (isCooperative ? .add([0: 6], afterRemoving: [0]) : .assign([0: 6])))
        assignment = Self.assignment(Self.stopped, isCooperative: isCooperative)
        _ = assignment.handle(.recheck)
        _ = assignment.due(.ask, isCooperative: isCooperative)
        _ = assignment.handle(.answered(id: 2, Self.positions([0: 20])))
        #expect(
            assignment.due(.handOver, isCooperative: isCooperative)
                == (isCooperative ? .add([0: 20], afterRemoving: [0]) : .assign([0: 20])))
    }

    @Test("the group is answered once, when the sink has answered, and all of an eager member's partitions are named")
    func handsOver() {
        var assignment = Self.assignment(.reading, isCooperative: false)
        _ = assignment.handle(.gained([1], isOwed: false))
        #expect(assignment.due(.handOver, isCooperative: false) == nil)
        _ = assignment.due(.ask, isCooperative: false)
        _ = assignment.handle(.answered(id: 2, Self.positions([1: 3])))
        #expect(assignment.due(.handOver, isCooperative: false) == .assign([0: 9, 1: 3]))
        _ = assignment.handle(.handedOver(isCooperative: false))
        #expect(assignment.due(.handOver, isCooperative: false) == nil)

        var idle = Assignment(stream: Self.name)
        _ = idle.handle(.gained([], isOwed: true))
        #expect(idle.due(.handOver, isCooperative: true) == .add([:], afterRemoving: []))
        _ = idle.handle(.handedOver(isCooperative: true))
        #expect(idle.due(.handOver, isCooperative: true) == nil)
    }

    @Test("a revocation drops what was read ahead and answers with what librdkafka has")
    func revokes() {
        var assignment = Self.assignment(.reading)
        _ = assignment.handle(.gained([1], isOwed: true))
        #expect(assignment.handle(.revoked([0, 1], isCooperative: true)) == [.drop([0, 1]), .release([0])])
        #expect(assignment.partitions.isEmpty)
        var eager = Self.assignment(.reading, isCooperative: false)
        #expect(eager.handle(.revoked([0], isCooperative: false)) == [.drop([0]), .releaseAll])
    }

    @Test("a commit counts for the partition in its epoch only")
    func commits() {
        var assignment = Self.assignment(.reading)
        let partition = StreamPartition(stream: Self.stream, partition: 0)
        #expect(assignment.commit(OffsetRange(partition: partition, from: 5, to: 8)) == 8)
        #expect(assignment.partitions[0]?.committed == 8)
        let old = StreamPartition(stream: StreamIdentity(name: Self.name, epoch: 4), partition: 0)
        #expect(assignment.commit(OffsetRange(partition: old, from: 5, to: 8)) == nil)
    }

    @Test("a lag counts no offset behind the last record once the log's end was met there")
    func lag() {
        let partition = StreamPartition(stream: Self.stream, partition: 0)
        var state = PartitionState(partition: partition)
        (state.next, state.committed) = (10, 7)
        #expect(state.lag(to: 12) == 5)
        // Offsets 10 and 11 are a transaction's end.
        state.end = PartitionState.End(next: 10, offset: 12)
        #expect(state.lag(to: 12) == 5)
        state.committed = 10
        #expect(state.lag(to: 12) == 0)
        #expect(state.lag(to: 15) == 3)
        // Read on, or set back: the end that was met is not where this reader stands.
        state.next = 13
        #expect(state.lag(to: 15) == 5)
        (state.next, state.committed) = (4, nil)
        #expect(state.lag(to: 15) == 11)
    }
}
