public import ChurnCore

/// A fresh broadcaster for one check, and what one of its listeners has got so far.
public struct BroadcasterUnderTest: Sendable {
    /// The broadcaster.
    public var broadcaster: any Broadcaster
    /// The blocks that a listener has got since the broadcaster was made, in their order; nil where the broadcaster
    /// only wakes its listeners up.
    public var received: (@Sendable () async throws -> [UpdateBlock])?

    /// Creates a subject for the checks.
    public init(broadcaster: any Broadcaster, received: (@Sendable () async throws -> [UpdateBlock])? = nil) {
        self.broadcaster = broadcaster
        self.received = received
    }
}

/// The contract of every broadcaster: it waits for no one and never fails.
///
/// Arrival is not promised, only order.
public enum BroadcasterContract {
    /// A fresh broadcaster.
    public typealias Subject = BroadcasterUnderTest
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    private static let samples = StoreSamples(domain: Domain.contract)

    /// Every promise.
    public static let checks: [Check] = [
        Check("publishing nothing is allowed") { subject, _ in subject.broadcaster.publish([]) },
        Check("publishing thousands of blocks waits for no subscriber") { subject, _ in
            for number in Int64(0)..<5000 { subject.broadcaster.publish([Self.block(0, number)]) }
        },
        Check("many tasks may publish at once") { subject, _ in
            await withTaskGroup(of: Void.self) { group in
                for partition in Int32(0)..<8 {
                    group.addTask {
                        for number in Int64(0)..<100 { subject.broadcaster.publish([Self.block(partition, number)]) }
                    }
                }
            }
        },
        Check("a listener that keeps up gets blocks whole and in order") { subject, findings in
            guard let received = subject.received else { return }
            let blocks = (Int64(0)..<20).map { Self.block(0, $0) }
            for block in blocks {
                subject.broadcaster.publish([block])
                while try await received().last != block {
                    try Task.checkCancellation()
                    await Task.yield()
                }
            }
            let got = try await received()
            findings.expectEqual(got, blocks, "the blocks")
        },
    ]

    private static func block(_ partition: Int32, _ number: Int64) -> UpdateBlock {
        Self.samples.block(partition, previous: number == 0 ? nil : number - 1, numbers: [number])
    }
}

extension Domain {
    /// A customer base of one feature, for checks that need none.
    static let contract = Domain(
        name: "contract", idName: "id", label: LabelColumn(name: "left", positive: "yes", negative: "no"),
        schema: FeatureSchema(features: [
            Feature(name: "value", column: "value", type: .numeric, encoding: .numeric)
        ]), segmentFeature: 0, valueFeature: 0, rules: [], actions: [], bands: RiskBands())
}
