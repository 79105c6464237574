import ChurnCore
import ChurnInsight
import Testing

/// The projection against a list of customers that is filtered and sorted again for each question.
@Suite("A customer projection")
struct CustomerProjectionTests {
    private static let segments: [String?] = ["Month-to-month", "One year", "Two year", nil, "é"]

    private func customer(
        _ number: Int, _ random: inout SeededRandom, mayHaveLeft: Bool = false
    ) -> ProjectedCustomer {
        let score = Double(random.next() % 21) / 20
        let latest =
            random.next() % 5 == 0
            ? nil
            : LatestScore(
                probability: score, band: RiskBands().band(of: score),
                time: Timestamp(microseconds: Int64(random.next() % 50)))
        let names = ["C-\(number)", "c-\(number)", "Ä\(number)", "x\(number % 7)-\(number)"]
        return ProjectedCustomer(
            id: names[number % names.count], segment: Self.segments[Int(random.next() % 5)],
            value: random.next() % 6 == 0 ? nil : Double(random.next() % 30),
            tenure: random.next() % 7 == 0 ? nil : Double(random.next() % 40), latest: latest,
            leftAt: mayHaveLeft && random.next() % 6 == 0 ? Timestamp(microseconds: 0) : nil,
            lastEvent: random.next() % 5 == 0 ? nil : Timestamp(microseconds: Int64(random.next() % 50)))
    }

    private func expected(_ all: [String: ProjectedCustomer], _ query: WatchlistQuery) -> (ids: [String], total: Int) {
        let search = query.search.lowercased()
        let found = all.values.filter { customer in
            customer.leftAt == nil
                && (query.bands.isEmpty || customer.latest.map { query.bands.contains($0.band) } ?? false)
                && (query.segments.isEmpty || customer.segment.map(query.segments.contains) ?? false)
                && (search.isEmpty || customer.id.lowercased().contains(search))
        }
        func key(_ customer: ProjectedCustomer) -> Double? {
            switch query.order {
            case .risk: customer.latest?.probability
            case .value: customer.value
            case .activity: customer.lastEvent.map { Double($0.microseconds) }
            case .id: nil
            }
        }
        let sorted = found.sorted { a, b in
            let byID = a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
            if query.order == .id { return query.isDescending ? !byID : byID }
            switch (key(a), key(b)) {
            case (nil, nil): return byID
            case (nil, _): return false
            case (_, nil): return true
            case (let keyA?, let keyB?):
                if keyA == keyB { return byID }
                return query.isDescending ? keyA > keyB : keyA < keyB
            }
        }
        return (sorted.dropFirst(query.offset).prefix(query.limit).map(\.id), found.count)
    }

    private func compare(_ projection: CustomerProjection, _ all: [String: ProjectedCustomer]) {
        let bands: [Set<RiskBand>] = [[], [.critical, .high], [.low]]
        let segments: [Set<String>] = [[], ["One year"], ["é", "Two year", "unknown"]]
        for order in WatchlistQuery.Order.allCases {
            for isDescending in [true, false] {
                for bands in bands {
                    for segments in segments {
                        for search in ["", "C-", "x", "x3-", "3-", "-1", "ä1", "7", "nobody"] {
                            for (offset, limit) in [(0, 10), (7, 3), (400, 1_000)] {
                                let query = WatchlistQuery(
                                    bands: bands, segments: segments, search: search, order: order,
                                    isDescending: isDescending, offset: offset, limit: limit)
                                let (found, wanted) = (projection.page(query), self.expected(all, query))
                                #expect(found.ids == wanted.ids, "\(query)")
                                #expect(found.total == wanted.total, "\(query)")
                                self.compareNext(projection, all, query, found)
                            }
                        }
                    }
                }
            }
        }
        let summary = projection.summary(at: Timestamp(microseconds: 0))
        let present = all.values.filter { $0.leftAt == nil }
        let scored = present.compactMap(\.latest)
        let atRisk = present.filter { ($0.latest?.band ?? .low) >= .high }
        #expect(summary.customers == present.count)
        #expect(summary.bands == Dictionary(grouping: scored, by: \.band).mapValues(\.count))
        #expect(summary.valueAtRisk == atRisk.reduce(0) { $0 + ($1.value ?? 0) })
        #expect(summary.segments.reduce(0) { $0 + $1.customers } == atRisk.count { $0.segment != nil })
        let mean = scored.reduce(0) { $0 + $1.probability } / Double(max(1, scored.count))
        #expect(abs((summary.meanProbability ?? 0) - mean) < 1e-9)
    }

    /// The page behind a cursor against the one that is as many customers further on.
    private func compareNext(
        _ projection: CustomerProjection, _ all: [String: ProjectedCustomer], _ query: WatchlistQuery,
        _ page: ProjectedPage
    ) {
        #expect((page.next != nil) == (query.offset + query.limit < page.total), "\(query)")
        guard let next = page.next else { return }
        var (byCursor, byOffset) = (query, query)
        byCursor.after = next
        byCursor.offset = 3
        byOffset.offset += query.limit + 3
        #expect(projection.page(byCursor).ids == self.expected(all, byOffset).ids, "\(byCursor)")
    }

    @Test(
        "answers as a list would that is searched again, after any changes",
        arguments: [1, 2] as [UInt64], [false, true])
    func likeAList(seed: UInt64, mayHaveLeft: Bool) {
        var random = SeededRandom(seed: seed)
        let projection = CustomerProjection()
        var all: [String: ProjectedCustomer] = [:]
        for number in 0..<500 {
            let customer = self.customer(number, &random, mayHaveLeft: mayHaveLeft)
            all[customer.id] = customer
        }
        projection.load(Array(all.values))
        projection.finishLoading()
        self.compare(projection, all)
        for _ in 0..<1_500 {
            let customer = self.customer(Int(random.next() % 700), &random, mayHaveLeft: mayHaveLeft)
            all[customer.id] = customer
            projection.update(customer)
        }
        self.compare(projection, all)
    }

    @Test("that holds more customers of one search than it sorts walks along its order")
    func broadSearch() {
        let projection = CustomerProjection()
        var all: [String: ProjectedCustomer] = [:]
        var random = SeededRandom(seed: 3)
        for number in 0..<3_000 {
            var customer = self.customer(number, &random)
            customer.id = number % 9 == 0 ? "other \(number)" : "C-\(number)"
            all[customer.id] = customer
        }
        for customer in all.values { projection.update(customer) }
        for order in WatchlistQuery.Order.allCases {
            for (isDescending, offset) in [(true, 0), (false, 2_000), (true, 2_660), (false, 9_999), (false, 1_300)] {
                for (bands, search) in [([], "c-"), ([.low], "c-"), ([], "")] as [(Set<RiskBand>, String)] {
                    let query = WatchlistQuery(
                        bands: bands, search: search, order: order, isDescending: isDescending, offset: offset)
                    let (found, wanted) = (projection.page(query), self.expected(all, query))
                    #expect(found.ids == wanted.ids, "\(query)")
                    #expect(found.total == wanted.total, "\(query)")
                    self.compareNext(projection, all, query, found)
                }
            }
        }
    }

    @Test("counts customers of more segments than have counts of their own")
    func manySegments() {
        var random = SeededRandom(seed: 4)
        let customers = (0..<3_000).map { number in
            var customer = self.customer(number, &random)
            customer.id = "c\(number)"
            customer.segment = "s\(random.next() % 90)"
            return customer
        }
        let loaded = CustomerProjection()
        loaded.load(customers)
        loaded.finishLoading()
        let updated = CustomerProjection()
        for customer in customers.reversed() { updated.update(customer) }
        let all = Dictionary(uniqueKeysWithValues: customers.map { ($0.id, $0) })
        for order in WatchlistQuery.Order.allCases {
            for segments in [["s3", "s80"], ["s89"], ["s1"]] as [Set<String>] {
                let query = WatchlistQuery(segments: segments, order: order, offset: 11, limit: 7)
                let wanted = self.expected(all, query)
                for projection in [loaded, updated] {
                    let found = projection.page(query)
                    #expect(found.ids == wanted.ids, "\(query)")
                    #expect(found.total == wanted.total, "\(query)")
                }
            }
        }
    }

    @Test("keeps the order of its slots when many of them move to its ends, and gives their room back")
    func movesToTheRim() {
        let projection = CustomerProjection()
        var all: [String: ProjectedCustomer] = [:]
        for number in 0..<5_000 {
            all["c\(number)"] = ProjectedCustomer(id: "c\(number)", segment: nil, value: nil, latest: nil)
        }
        projection.load(Array(all.values))
        projection.finishLoading()
        // Twice, so that each customer also leaves the place that it had.
        for round in 0..<2 {
            for number in 0..<5_000 {
                let latest = LatestScore(
                    probability: Double(number % 7) / 8, band: .low,
                    time: Timestamp(microseconds: Int64(round * 5_000 + number)))
                let customer = ProjectedCustomer(
                    id: "c\(number)", segment: nil, value: nil, latest: latest, lastEvent: latest.time)
                all[customer.id] = customer
                projection.update(customer)
            }
        }
        for order in WatchlistQuery.Order.allCases {
            let query = WatchlistQuery(order: order, limit: 6_000)
            #expect(projection.page(query).ids == self.expected(all, query).ids, "\(order)")
        }
        #expect(projection.byteCount < 5_000 * 120)
    }
}
