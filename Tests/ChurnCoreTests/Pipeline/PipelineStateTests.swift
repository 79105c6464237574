import ChurnCore
import ChurnTesting
import Testing

@testable import ChurnCore

@Suite("What the pipeline does next")
struct PipelineStateTests {
    private typealias State = PipelineState<String>

    private static let lineup = ModelLineup(champion: LoadedModel(predictor: DigestPredictor(domain: .telco)))

    private static func partition(_ number: Int32) -> StreamPartition {
        StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "test", topic: "events")), partition: number)
    }

    /// A batch that covers these partitions.
    private static func batch(_ partitions: Int32...) -> AssignedBatch {
        AssignedBatch(
            events: EventBatch(
                entries: [],
                ranges: partitions.map { OffsetRange(partition: Self.partition($0), from: 0, to: 1) }),
            lineup: Self.lineup)
    }

    /// An action in a word, with the partitions that it concerns.
    private static func word(_ action: State.Action) -> String {
        func list(_ batch: AssignedBatch) -> String {
            batch.events.ranges.map { "\($0.partition.partition)" }.joined(separator: ",")
        }
        return switch action {
        case .pull: "pull"
        case .prepare(let batch): "prepare \(list(batch))"
        case .write(let batch, let preparation): "write \(list(batch)) \(preparation)"
        case .takeTurn: "turn"
        case .endTurn: "end"
        case .interruptPull: "interrupt"
        case .goBack(let partitions): "back \(partitions.map { "\($0.partition)" }.sorted().joined(separator: ","))"
        case .wait: "wait"
        case .finish: "finish"
        }
    }

    /// An input of the pipeline.
    enum Input {
        case pulled([Int32])
        case pulledNothing
        case prepared(String)
        case began(PipelineState<String>.Writing)
        case wrote
        case wroteOtherwise(goingBack: [Int32])
        case tookTurn
        case stopped
    }

    private static func apply(_ input: Input, to state: inout State) {
        switch input {
        case .pulled(let partitions):
            var batch = Self.batch()
            batch.events.ranges = partitions.flatMap { Self.batch($0).events.ranges }
            state.pulled(batch, isStopping: false)
        case .pulledNothing: state.pulled(nil, isStopping: false)
        case .prepared(let preparation): state.prepared(preparation)
        case .began(let writing): state.beganWriting(writing)
        case .wrote: state.wrote()
        case .wroteOtherwise(let partitions): state.wrote(goingBack: Set(partitions.map(Self.partition)))
        case .tookTurn: state.tookTurn()
        case .stopped: state.pulled(nil, isStopping: true)
        }
    }

    private static let large = PipelineState<String>.Writing.large(isKnown: true)

    /// Each row: what happened so far, each with the action that follows; at the beginning it is `pull`.
    static let table: [[(Input, String)]] = [
        // A small batch: the next is pulled once it is written.
        [(.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(.small), "wait"), (.wrote, "pull")],
        // A large one: the next is pulled and prepared beside it, and waits for its turn.
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(Self.large), "pull"),
            (.pulled([2]), "prepare 2"), (.prepared("b"), "wait"), (.wrote, "write 2 b"),
        ],
        // One of which it is not known what it leaves behind: the next is pulled, and prepared afterwards.
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(.large(isKnown: false)), "pull"),
            (.pulled([2]), "wait"), (.wroteOtherwise(goingBack: []), "prepare 2"),
        ],
        // Not as prepared: what was prepared on top of it is prepared again.
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(Self.large), "pull"),
            (.pulled([2]), "prepare 2"), (.prepared("b"), "wait"), (.wroteOtherwise(goingBack: []), "prepare 2"),
        ],
        // The source goes back before anything else, and what it delivers again is dropped.
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(Self.large), "pull"),
            (.pulled([1, 2]), "prepare 1,2"), (.prepared("b"), "wait"), (.wroteOtherwise(goingBack: [1]), "back 1"),
            (.prepared("late"), "write 2 late"),
        ],
        // A pull under way is ended first; what it brings is kept but for what is delivered again.
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(Self.large), "pull"),
            (.wroteOtherwise(goingBack: [1]), "interrupt"), (.pulled([1, 2]), "back 1"),
            (.prepared("b"), "write 2 b"),
        ],
        // An interrupted pull that brings nothing does not end the source.
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(Self.large), "pull"),
            (.wroteOtherwise(goingBack: [1]), "interrupt"), (.pulledNothing, "back 1"),
        ],
        // The end of the source waits for the write; so does a stop.
        [(.pulledNothing, "finish")],
        [(.stopped, "finish")],
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(Self.large), "pull"),
            (.stopped, "wait"), (.wrote, "finish"),
        ],
        [
            (.pulled([1]), "prepare 1"), (.prepared("a"), "write 1 a"), (.began(Self.large), "pull"),
            (.pulledNothing, "wait"), (.wroteOtherwise(goingBack: [1]), "back 1"),
        ],
    ]

    @Test("follows the table", arguments: Self.table.indices)
    func transitions(_ row: Int) {
        var state = State()
        #expect(Self.word(state.advance()) == "pull")
        #expect(Self.word(state.advance()) == "wait")
        for (step, (input, action)) in Self.table[row].enumerated() {
            Self.apply(input, to: &state)
            #expect(Self.word(state.advance()) == action, "step \(step) of row \(row)")
        }
    }

    /// As ``table``, where other processes change the same customers.
    static let contendedTable: [[(Input, String)]] = [
        // The turn ends where no batch waits.
        [
            (.pulled([1]), "turn"), (.tookTurn, "prepare 1"), (.prepared("a"), "write 1 a"), (.began(.small), "wait"),
            (.wrote, "end"),
        ],
        // It lasts as long as batches wait.
        [
            (.pulled([1]), "turn"), (.tookTurn, "prepare 1"), (.prepared("a"), "write 1 a"),
            (.began(Self.large), "pull"), (.pulled([2]), "prepare 2"), (.prepared("b"), "wait"),
            (.wrote, "write 2 b"),
        ],
        // The source goes back first.
        [
            (.pulled([1]), "turn"), (.tookTurn, "prepare 1"), (.prepared("a"), "write 1 a"),
            (.began(Self.large), "pull"), (.pulled([1]), "prepare 1"), (.prepared("b"), "wait"),
            (.wroteOtherwise(goingBack: [1]), "back 1"),
        ],
        [
            (.pulled([1]), "turn"), (.tookTurn, "prepare 1"), (.prepared("a"), "write 1 a"),
            (.began(Self.large), "pull"), (.stopped, "wait"), (.wrote, "end"),
        ],
    ]

    @Test("takes turns as the table says", arguments: Self.contendedTable.indices)
    func turns(_ row: Int) {
        var state = State()
        #expect(Self.word(state.advance(isContended: true)) == "pull")
        for (step, (input, action)) in Self.contendedTable[row].enumerated() {
            Self.apply(input, to: &state)
            #expect(Self.word(state.advance(isContended: true)) == action, "step \(step) of row \(row)")
        }
    }

    @Test("a turn ends after some batches, and what comes next is prepared in the next turn")
    func lengthOfTurns() {
        var state = State()
        _ = state.advance(isContended: true)
        Self.apply(.pulled([1]), to: &state)
        #expect(Self.word(state.advance(isContended: true)) == "turn")
        state.tookTurn()
        for number in 1...State.batchesATurn {
            let isLast = number == State.batchesATurn
            if number == 1 { #expect(Self.word(state.advance(isContended: true)) == "prepare 1") }
            Self.apply(.prepared("a"), to: &state)
            #expect(Self.word(state.advance(isContended: true)) == "write 1 a")
            state.beganWriting(Self.large)
            #expect(Self.word(state.advance(isContended: true)) == "pull")
            Self.apply(.pulled([1]), to: &state)
            #expect(Self.word(state.advance(isContended: true)) == (isLast ? "wait" : "prepare 1"))
            if isLast { Self.apply(.wrote, to: &state) } else { Self.apply(.prepared("a"), to: &state) }
            if !isLast { Self.apply(.wrote, to: &state) }
        }
        #expect(Self.word(state.advance(isContended: true)) == "end")
        #expect(Self.word(state.advance(isContended: true)) == "turn")
    }

    @Test("goes on with the waiting batch, or pulls, after the source went back")
    func afterGoingBack() {
        var state = State()
        _ = state.advance()
        Self.apply(.pulled([1]), to: &state)
        _ = state.advance()
        Self.apply(.prepared("a"), to: &state)
        _ = state.advance()
        state.beganWriting(.small)
        Self.apply(.wroteOtherwise(goingBack: [1]), to: &state)
        #expect(Self.word(state.advance()) == "back 1")
        #expect(Self.word(state.advance()) == "pull")
    }
}
