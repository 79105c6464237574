import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("Customers as blocks of updates hold them") struct ProjectionLayoutTests {
    private static func state(_ id: String, _ random: inout SeededRandom) -> CustomerState {
        CustomerState(
            id: id,
            features: Domain.telco.schema.features.map { feature in
                if random.chance(0.2) { return .missing }
                return switch feature.type {
                case .numeric: .number(Double(random.index(below: 10_000)) / 8)
                case .categorical: .text(["One year", "\u{E9}", ""][random.index(below: 3)])
                case .boolean: .boolean(random.chance(0.5))
                }
            }, version: Int64(random.index(below: 1 << 40)) - (1 << 20),
            latest: random.chance(0.2)
                ? nil
                : LatestScore(
                    probability: Double(Float(random.index(below: 1_000)) / 1_000),
                    band: RiskBand.allCases[random.index(below: 4)],
                    time: Timestamp(microseconds: Int64(random.index(below: 1 << 50)) - (1 << 40))),
            leftAt: random.chance(0.2) ? Timestamp(microseconds: Int64(random.index(below: 1 << 50))) : nil,
            lastEvent: random.chance(0.2)
                ? nil : Timestamp(microseconds: Int64(random.index(below: 1 << 50)) - (1 << 40)))
    }

    @Test("come back as the projection keeps them")
    func roundTrip() {
        var random = SeededRandom(seed: 5)
        let layout = ProjectionLayout(.telco)
        for count in [0, 1, 2, 200] {
            let states = (0..<count).map { Self.state("c\($0)", &random) }
            #expect(layout.encode(states).withUnsafeBytes(layout.decode) == states.map(layout.projected))
        }
    }

    @Test("cannot be read where something else is kept, nor where they are damaged")
    func others() {
        var random = SeededRandom(seed: 6)
        let layout = ProjectionLayout(.telco)
        let bytes = layout.encode((0..<20).map { Self.state("c\($0)", &random) })
        var domain = Domain.telco
        domain.tenureFeature = nil
        #expect(bytes.withUnsafeBytes(ProjectionLayout(domain).decode) == nil)
        for length in 0..<bytes.count { #expect(bytes[..<length].withUnsafeBytes(layout.decode) == nil) }
        for _ in 0..<2_000 {
            var damaged = bytes
            damaged[random.index(below: bytes.count)] = UInt8(random.index(below: 256))
            _ = damaged.withUnsafeBytes(layout.decode)
        }
    }

    @Test("a projection takes the later of two states, whatever order they come in")
    func order() throws {
        func customer(_ version: Int64, _ seconds: Int, _ probability: Double) -> ProjectedCustomer {
            ProjectedCustomer(
                id: "a", segment: nil, value: nil,
                latest: LatestScore(
                    probability: probability, band: RiskBands().band(of: probability),
                    time: Timestamp(microseconds: Int64(seconds))), version: version,
                lastEvent: Timestamp(microseconds: Int64(seconds)))
        }
        let projection = CustomerProjection()
        projection.follow(customer(7, 50, 0.5))
        // Another partition's block, which was written before and is read later.
        projection.follow(customer(6, 90, 0.9))
        projection.follow(customer(7, 40, 0.6))
        #expect(projection.page(WatchlistQuery(bands: [.medium])).ids == ["a"])
        projection.follow(customer(8, 20, 0.9))
        #expect(projection.page(WatchlistQuery(bands: [.critical])).ids == ["a"])
        // Beyond the half of the version that is kept.
        projection.follow(customer(8 + 1 << 31 - 1, 20, 0.1))
        #expect(projection.page(WatchlistQuery(bands: [.low])).ids == ["a"])
    }

    @Test("a load keeps the time of a last event that a store has not written yet, and nothing else that it has")
    func times() {
        func customer(_ id: String, _ version: Int64, _ seconds: Int64, _ probability: Double) -> ProjectedCustomer {
            ProjectedCustomer(
                id: id, segment: nil, value: nil,
                latest: LatestScore(probability: probability, band: .low, time: Timestamp(microseconds: seconds)),
                version: version, lastEvent: Timestamp(microseconds: seconds))
        }
        let known = CustomerProjection()
        for (id, time) in [("a", 90), ("b", 80), ("c", 70)] { known.follow(customer(id, 1, Int64(time), 0.25)) }
        let next = CustomerProjection()
        // Of c the score changed, of d nothing is known.
        next.load([customer("a", 1, 10, 0.25), customer("b", 2, 20, 0.25), customer("c", 1, 30, 0.5)])
        next.load([customer("d", 1, 40, 0.25)])
        next.keepTimes(from: known, of: 0..<next.count)
        next.finishLoading()
        #expect(next.page(WatchlistQuery(order: .activity)).ids == ["a", "d", "c", "b"])
    }
}
