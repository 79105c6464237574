import Testing

@testable import ChurnCore

@Suite("Training support")
struct TrainingSupportTests {
    private static func support(_ pairs: [(UInt16, UInt16)]) -> TrainingDistribution.Support {
        TrainingDistribution.Support(
            ranges: [[], []], levels: [(pairs.map(\.0), 2), (pairs.map(\.1), 2)])
    }

    private static let both =
        Array(repeating: (UInt16(0), UInt16(0)), count: 500)
        + Array(repeating: (UInt16(1), UInt16(1)), count: 500)

    @Test("levels that chance would give often and hardly any customer had together are kept apart")
    func apart() {
        let found = Self.support(Self.both).apart
        #expect(found.map { [$0.feature, $0.level, $0.other, $0.otherLevel] } == [[0, 0, 1, 1], [0, 1, 1, 0]])
        #expect(Self.support(Self.both + [(0, 1)]).apart.count == 2, "one odd row is no support")
        #expect(Self.support(Self.both + Array(repeating: (0, 1), count: 9)).apart.count == 1)
    }

    @Test("what is rare alone is not held apart")
    func rare() {
        let rows =
            Array(repeating: (UInt16(0), UInt16(0)), count: 990) + Array(repeating: (UInt16(1), UInt16(0)), count: 9)
        #expect(Self.support(rows + [(0, 1)]).apart.isEmpty)
    }

    @Test("support of other features does not fit")
    func fits() {
        #expect(Self.support(Self.both).fits(2) && !Self.support(Self.both).fits(3))
    }
}
