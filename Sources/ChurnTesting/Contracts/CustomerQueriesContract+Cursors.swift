import ChurnCore
import ChurnInsight

extension CustomerQueriesContract {
    static let cursors: [Check] = [
        Check("pages by cursor show what one long page shows, in every order, direction and filter") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await Self.fillForCursors(scene)
            for order in WatchlistQuery.Order.allCases {
                for isDescending in [true, false] {
                    for (bands, search) in [([], ""), ([.critical, .low], ""), ([], "C1"), ([.low], "c")]
                        as [(Set<RiskBand>, String)]
                    {
                        var query = WatchlistQuery(
                            bands: bands, search: search, order: order, isDescending: isDescending, limit: 100)
                        let what = "by \(order), \(isDescending), \(bands), '\(search)'"
                        let all = try await subject.queries.watchlist(query)
                        findings.expectEqual(all.next, nil, "the cursor of everything \(what)")
                        var ids: [String] = []
                        query.limit = 4
                        repeat {
                            let page = try await subject.queries.watchlist(query)
                            findings.expectEqual(page.total, all.total, "the total \(what)")
                            ids += page.customers.map(\.id)
                            query.after = page.next
                        } while query.after != nil && ids.count < 100
                        findings.expectEqual(ids, all.customers.map(\.id), "the pages \(what)")
                    }
                }
            }
        },
        Check("a page by cursor stays where it is when customers in front of it come or go") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add((10..<20).map { scene.customer("c\($0)") })
            for index in 10..<20 { try await scene.event("c\(index)", Double(index) / 32) }
            try await subject.queries.refresh()
            let first = try await subject.queries.watchlist(WatchlistQuery(limit: 4))
            findings.expectEqual(first.customers.map(\.id), ["c19", "c18", "c17", "c16"], "the first page")
            try await scene.add([scene.customer("new")])
            try await scene.event("new", 0.75)
            // The customer of the cursor itself leaves the page.
            try await scene.event("c16", 0.0)
            try await subject.queries.refresh()
            let second = try await scene.watchlist(WatchlistQuery(after: first.next, limit: 4))
            findings.expectEqual(second.ids, ["c15", "c14", "c13", "c12"], "the second page")
            findings.expectEqual(second.total, 11, "the total")
            let third = try await scene.watchlist(WatchlistQuery(after: first.next, offset: 4, limit: 4))
            findings.expectEqual(third.ids, ["c11", "c10", "c16"], "the page after it")
        },
        Check("a cursor of an unknown customer begins where its customer would stand") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add(["a", "c", "e"].map { scene.customer($0) })
            try await subject.queries.refresh()
            for (isDescending, expected) in [(false, ["c", "e"]), (true, ["a"])] {
                let page = try await scene.watchlist(
                    WatchlistQuery(
                        order: .id, isDescending: isDescending, after: WatchlistCursor(rank: nil, id: "b")))
                findings.expectEqual(page.ids, expected, "what stands behind b, descending \(isDescending)")
            }
        },
    ]

    /// Customers with ties and missing values in every order.
    private static func fillForCursors(_ scene: QueryScene) async throws {
        try await scene.add(
            (0..<23).map { scene.customer($0 % 2 == 0 ? "c\($0)" : "C\($0)", value: $0 < 19 ? Double($0 % 4) : nil) })
        for index in 0..<20 {
            try await scene.event(index % 2 == 0 ? "c\(index)" : "C\(index)", Double(index % 4) / 4, at: index % 5)
        }
        try await scene.subject.queries.refresh()
    }
}
