import ChurnCore
import ChurnInsight

extension CustomerQueriesContract {
    static let watchlists: [Check] = [
        Check("by default the highest score stands first, ten a page, those without a score last") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add((0..<12).map { scene.customer("c\(10 + $0)") })
            for index in 0..<11 { try await scene.event("c\(10 + index)", Double(index) / 16) }
            try await subject.queries.refresh()
            let first = try await scene.watchlist(WatchlistQuery())
            findings.expectEqual(first.ids, (11...20).reversed().map { "c\($0)" }, "the first page")
            findings.expectEqual(first.total, 12, "the total")
            let second = try await scene.watchlist(WatchlistQuery(offset: 10))
            findings.expectEqual(second.ids, ["c10", "c21"], "the second page")
        },
        Check("every order holds in both directions, equal ones by id, missing ones last") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await Self.fill(scene)
            let expected: [(WatchlistQuery.Order, descending: String, ascending: String)] = [
                (.risk, "a b B d c e", "d B a b c e"), (.id, "e d c b a B", "B a b c d e"),
                (.value, "B a c d b e", "c d B a b e"), (.activity, "B a d b c e", "b d B a c e"),
            ]
            for (order, descending, ascending) in expected {
                let down = try await scene.watchlist(WatchlistQuery(order: order, isDescending: true))
                findings.expectEqual(down.ids.joined(separator: " "), descending, "descending by \(order)")
                let up = try await scene.watchlist(WatchlistQuery(order: order, isDescending: false))
                findings.expectEqual(up.ids.joined(separator: " "), ascending, "ascending by \(order)")
                for isDescending in [true, false] {
                    let two = try await scene.watchlist(
                        WatchlistQuery(order: order, isDescending: isDescending, offset: 2, limit: 2))
                    let all = isDescending ? down.ids : up.ids
                    findings.expectEqual(two.ids, Array(all[2..<4]), "the middle by \(order), \(isDescending)")
                }
            }
        },
        Check("the last activity is the last event's own time: a score without an event leaves it and the order by it")
        {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([scene.customer("a"), scene.customer("b"), scene.customer("c")])
            try await scene.event("a", 0.5, at: 20)
            try await scene.event("b", 0.5, at: 30)
            try await scene.event("b", 0.6, at: 10)
            try await scene.rescore("a", 0.7, at: 90)
            try await scene.rescore("c", 0.7, at: 90)
            try await subject.queries.refresh()
            for (isDescending, expected) in [(true, ["b", "a", "c"]), (false, ["a", "b", "c"])] {
                let page = try await subject.queries.watchlist(
                    WatchlistQuery(order: .activity, isDescending: isDescending))
                findings.expectEqual(page.customers.map(\.id), expected, "by last event")
                let times = Dictionary(uniqueKeysWithValues: page.customers.map { ($0.id, $0.lastEvent) })
                findings.expectEqual(times["a"], QueryScene.time(20), "the last event of a")
                findings.expectEqual(times["b"], QueryScene.time(30), "the last event of b")
                findings.expectEqual(times["c"], .some(nil), "the last event of a customer without one")
            }
        },
        Check("customers are shown complete, as they are now") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await Self.fill(scene)
            let page = try await subject.queries.watchlist(WatchlistQuery())
            let states = try await subject.store.states(for: page.customers.map(\.id))
            findings.expectEqual(page.customers.count, 6, "the number of customers")
            for customer in page.customers {
                findings.expectEqual(customer, states[customer.id], "customer \(customer.id)")
            }
        },
        Check("filters by band, segment and search narrow each other, in every order") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await Self.fill(scene)
            let cases: [(bands: Set<RiskBand>, segments: Set<String>, search: String, expected: Set<String>)] = [
                ([.critical], [], "", ["a", "b"]), ([.critical, .low], [], "", ["a", "b", "d"]),
                ([.high], [], "", []), (Set(RiskBand.allCases), [], "", ["a", "b", "B", "d"]),
                ([], ["x"], "", ["a", "c", "d"]), ([], ["x", "y"], "", ["a", "c", "d", "b"]), ([], ["X"], "", []),
                ([.critical, .low], ["x"], "", ["a", "d"]), ([.critical], ["y"], "B", ["b"]),
                ([.critical], ["x"], "b", []), ([], [""], "", []), ([], ["x"], "c", ["c"]),
            ]
            for (bands, segments, search, expected) in cases {
                for order in WatchlistQuery.Order.allCases {
                    var query = WatchlistQuery(bands: bands, segments: segments, search: search, order: order)
                    let all = try await scene.watchlist(query)
                    let what = "\(bands.map(\.rawValue).sorted()) \(segments.sorted()) '\(search)' by \(order)"
                    findings.expectEqual(Set(all.ids), expected, "the customers of \(what)")
                    findings.expectEqual(all.total, expected.count, "the total of \(what)")
                    query.limit = 1
                    query.offset = 1
                    let one = try await scene.watchlist(query)
                    findings.expectEqual(one.ids, Array(all.ids.dropFirst().prefix(1)), "the second of \(what)")
                    findings.expectEqual(one.total, expected.count, "the total of a part of \(what)")
                }
            }
        },
    ]

    static let searches: [Check] = [
        Check("a search finds the ids that contain it, whatever the case, character for character") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            let ids = ["Ab-1", "aB-2", "a%c", "a_c", "axc", "a\\c", "Äb", "äc", "日本", "日", "b", "a'c", "ß", "İx"]
            try await scene.add(ids.map { scene.customer($0) })
            try await subject.queries.refresh()
            let cases: [(String, Set<String>)] = [
                ("ab", ["Ab-1", "aB-2"]), ("AB-", ["Ab-1", "aB-2"]), ("ab-1", ["Ab-1"]), ("ab-11", []),
                ("a%", ["a%c"]), ("%", ["a%c"]), ("a_", ["a_c"]), ("_", ["a_c"]), ("a\\", ["a\\c"]), ("a'", ["a'c"]),
                ("ä", ["Äb", "äc"]), ("Ä", ["Äb", "äc"]), ("日", ["日本", "日"]), ("日本", ["日本"]), ("本", ["日本"]),
                ("b", ["b", "Ab-1", "aB-2", "Äb"]), ("-1", ["Ab-1"]),
                ("C", ["a%c", "a_c", "axc", "a\\c", "a'c", "äc"]),
                ("ss", []), ("İ", ["İx"]), ("x", ["axc", "İx"]), ("\0", []), (" ", []),
            ]
            for (search, expected) in cases {
                for order in [WatchlistQuery.Order.risk, .id] {
                    let found = try await scene.watchlist(WatchlistQuery(search: search, order: order))
                    findings.expectEqual(Set(found.ids), expected, "what '\(search)' finds")
                    findings.expectEqual(found.total, expected.count, "how many '\(search)' finds")
                }
            }
        }
    ]

    static let pages: [Check] = [
        Check("pages follow each other without a gap or a repeat") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add((0..<23).map { scene.customer("c\($0)", value: Double($0 % 4)) })
            for index in 0..<20 { try await scene.event("c\(index)", Double(index % 3) / 4, at: index % 5) }
            try await subject.queries.refresh()
            for order in WatchlistQuery.Order.allCases {
                var ids: [String] = []
                for offset in stride(from: 0, to: 25, by: 5) {
                    ids += try await scene.watchlist(WatchlistQuery(order: order, offset: offset, limit: 5)).ids
                }
                findings.expectEqual(ids.count, 23, "the number of customers by \(order)")
                findings.expectEqual(Set(ids).count, 23, "the number of different customers by \(order)")
            }
        },
        Check("an offset past the end gives an empty page with the total, and no number is too large or small") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add(["a", "b", "c"].map { scene.customer($0) })
            try await subject.queries.refresh()
            let cases: [(offset: Int, limit: Int, expected: [String])] = [
                (3, 10, []), (1_000_000, 10, []), (Int.max, Int.max, []), (1, Int.max, ["b", "c"]),
                (0, 0, ["a"]), (0, -5, ["a"]), (-1, 2, ["a", "b"]), (Int.min, 1, ["a"]),
            ]
            for (offset, limit, expected) in cases {
                for order in WatchlistQuery.Order.allCases {
                    let page = try await scene.watchlist(
                        WatchlistQuery(order: order, isDescending: false, offset: offset, limit: limit))
                    findings.expectEqual(page.ids, expected, "\(limit) from \(offset) by \(order)")
                    findings.expectEqual(page.total, 3, "the total of \(limit) from \(offset) by \(order)")
                }
            }
        },
    ]

    /// Six customers with ties and missing values in each order; two segments.
    private static func fill(_ scene: QueryScene) async throws {
        try await scene.add([
            scene.customer("a", segment: "x", value: 50), scene.customer("b", segment: "y"),
            scene.customer("c", segment: "x", value: 20), scene.customer("d", segment: "x", value: 20),
            scene.customer("e"), scene.customer("B", value: 50),
        ])
        for (id, score, seconds) in [("a", 0.9, 3), ("b", 0.9, 1), ("d", 0.2, 2), ("B", 0.5, 3)] {
            try await scene.event(id, score, at: seconds)
        }
        try await scene.subject.queries.refresh()
    }
}
