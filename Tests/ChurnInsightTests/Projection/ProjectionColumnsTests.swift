import ChurnCore
import ChurnInsight
import Testing

@Suite("The columns of a customer projection")
struct ProjectionColumnsTests {
    private func customer(
        _ id: String, value: Double? = nil, tenure: Double? = nil, probability: Double = 0.9
    ) -> ProjectedCustomer {
        ProjectedCustomer(
            id: id, segment: "s", value: value, tenure: tenure,
            latest: LatestScore(probability: probability, band: .critical, time: Timestamp(microseconds: 1)))
    }

    @Test(
        "keep numbers exactly, whether they fit in few bytes or not",
        arguments: [19.99, 0.1, 70.35, -3.25, 0, 1.0 / 3, 0.1 + 0.2, 1e12, 21_474_836.47, 32_767, 40_000, 12.5, 1e-300])
    func exact(number: Double) {
        let probability = min(1, abs(number))
        let projection = CustomerProjection(alerts: AlertPolicy(threshold: -1))
        projection.update(self.customer("a", value: number, tenure: number, probability: probability))
        #expect(projection.summary(at: Timestamp(microseconds: 0)).valueAtRisk == number)
        #expect(projection.summary(at: Timestamp(microseconds: 0)).meanProbability == probability)
        let profile = projection.analytics(hasTenure: true).profiles[0]
        #expect(profile.meanTenure == number)
        #expect(profile.meanValue == number)
    }

    @Test("keep the numbers that they had when one comes that does not fit, and none stays none")
    func promoted() {
        let projection = CustomerProjection()
        projection.load([self.customer("a", value: 19.99, tenure: 7), self.customer("b"), self.customer("c", value: 5)])
        projection.finishLoading()
        projection.update(self.customer("c", value: 1.0 / 3, tenure: 0.5, probability: 0.95))
        projection.update(self.customer("d", value: 20, tenure: nil, probability: 0.875))
        let query = WatchlistQuery(order: .value)
        #expect(projection.page(query).ids == ["d", "a", "c", "b"])
        projection.update(self.customer("d", value: nil, tenure: 1))
        projection.update(self.customer("c", value: 30))
        #expect(projection.page(query).ids == ["c", "a", "b", "d"])
        let profile = projection.analytics(hasTenure: true).profiles[0]
        #expect(profile.meanTenure == 4)
        #expect(abs((profile.meanValue ?? 0) - (30 + 19.99) / 2) < 1e-9)
    }

    @Test("find every customer, whatever the lengths and the number of the ids", arguments: [true, false])
    func ids(isOfOneLength: Bool) {
        let count = 140_000
        let numbers = 0..<count
        let ids = numbers.map { isOfOneLength ? "\(1_000_000 + $0)" : "\($0)" }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        let projection = CustomerProjection()
        projection.load(ids.map { self.customer($0) })
        projection.finishLoading()
        #expect(projection.byteCount < count * 55)
        for id in ["0", "65535", "65536", "131072", "99999"].map({
            isOfOneLength ? "\(1_000_000 + (Int($0) ?? 0))" : $0
        }) {
            projection.update(self.customer(id, value: 1))
        }
        #expect(projection.count == count)
        let query = WatchlistQuery(order: .value, limit: 6)
        #expect(projection.page(query).total == count)
        let changed = Set(projection.page(query).ids.prefix(5).compactMap { Int($0) }.map { $0 % 1_000_000 })
        #expect(changed == [0, 65_535, 65_536, 99_999, 131_072])
        let page = WatchlistQuery(order: .id, isDescending: false, offset: 70_000, limit: 3)
        #expect(projection.page(page).ids == Array(ids[70_000..<70_003]))
    }

    @Test("show every value as it came, however many there are, and no customer that is not known")
    func shown() {
        let domain = Domain.telco
        let features = ShownFeatures(domain)
        func state(_ number: Int, changed: Bool) -> CustomerState {
            let values: [FeatureValue] = domain.schema.features.enumerated().map { index, feature in
                if (number + index) % 11 == 0 { return .missing }
                switch feature.type {
                case .numeric: return .number(changed ? Double(number) / 7 : Double(number) / 4)
                case .categorical: return .text(changed ? "changed \(number % 300)" : "text \((number + index) % 5)")
                case .boolean: return .boolean(number % 2 == 0)
                }
            }
            return CustomerState(id: "c\(10_000 + number)", features: values)
        }
        let projection = CustomerProjection(showing: features)
        var states = (0..<1_000).map { state($0, changed: false) }
        projection.load(states.prefix(900).map { ProjectedCustomer($0, in: domain, showing: features) })
        projection.finishLoading()
        for state in states.suffix(100) { projection.update(ProjectedCustomer(state, in: domain, showing: features)) }
        func expected() -> [[FeatureValue]?] {
            states.map { state in domain.updateFields.map { state.features[$0.feature] } } + [nil]
        }
        #expect(Self.shown(of: states.map(\.id) + ["c"], in: projection) == expected())
        for number in stride(from: 0, to: 1_000, by: 2) {
            states[number] = state(number, changed: true)
            projection.update(ProjectedCustomer(states[number], in: domain, showing: features))
        }
        #expect(Self.shown(of: states.map(\.id) + ["z"], in: projection) == expected())
    }

    private static func shown(of ids: [String], in projection: CustomerProjection) -> [[FeatureValue]?] {
        var column = TextColumn()
        for id in ids { column.append(id) }
        let shown = projection.shown(of: column)
        return ids.indices.map { shown[$0] }
    }

    @Test("find customers by ids of any length, and none that is not there", arguments: [1, 7, 8, 9, 10, 16, 17, 36])
    func ids(_ length: Int) {
        let domain = Domain.telco
        let features = ShownFeatures(domain)
        func id(_ number: Int) -> String {
            // The last differ in their first bytes, the others in their last ones.
            let text = String(number, radix: 36)
            let rest = String(repeating: "0", count: max(0, length - text.utf8.count))
            return String((number % 3 == 0 ? text + rest : rest + text).prefix(length))
        }
        for count in [0, 1, 2, 3, 30, 32, 33, 70] {
            let ids = Set((0..<count).map { id($0 * 2) }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let projection = CustomerProjection(showing: features)
            projection.load(
                ids.enumerated().map { number, id in
                    let state = CustomerState(
                        id: id, features: domain.schema.features.map { _ in .number(Double(number)) })
                    return ProjectedCustomer(state, in: domain, showing: features)
                })
            projection.finishLoading()
            let strangers =
                (0..<140).map { id($0 * 2 + 1) } + ids.flatMap { [$0 + "0", String($0.dropLast()), $0 + "\0"] }
            let asked = (ids + strangers.filter { !ids.contains($0) } + [""]).shuffled()
            let found = zip(asked, Self.shown(of: asked, in: projection))
            for (id, shown) in found {
                let place = ids.firstIndex(of: id)
                #expect((shown == nil) == (place == nil), "\(id)")
                let charges = domain.updateFields.firstIndex { $0.feature == domain.valueFeature }
                #expect(shown.flatMap { shown in charges.map { shown[$0] } } == place.map { .number(Double($0)) })
            }
        }
    }
}
