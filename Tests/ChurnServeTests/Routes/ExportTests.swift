import ChurnCore
import ChurnInsight
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct ExportTests {
    private static func many(_ count: Int) -> TestQueries {
        var queries = TestQueries()
        for number in 0..<count {
            let contract = number % 2 == 0 ? "One year" : "Two year"
            let score = Double(number % 10) / 10
            queries.customers.append(TestQueries.customer(String(10_000 + number), contract: contract, score: score))
        }
        for number in (1...Int64(count)).reversed() {
            queries.logged.append(TestQueries.event(number, of: "10000", isAlert: number % 3 == 0))
        }
        return queries
    }

    @Test("the watchlist is exported whole, in the order of ids, as lines of CSV with a header")
    func watchlist() async throws {
        try await Self.many(2_345).serve { server in
            let answer = try await server.request("/api/watchlist/export")
            #expect(answer.header("content-type") == "text/csv; charset=utf-8")
            #expect(answer.header("content-disposition") == "attachment; filename=\"watchlist.csv\"")
            let lines = try #require(answer.chunks).split(separator: "\r\n")
            #expect(lines.count == 2_346)
            #expect(lines[0].hasPrefix("\u{FEFF}customerid,gender,") && lines[0].hasSuffix("last_activity,at_risk"))
            let ids = lines.dropFirst().map { String($0.prefix(5)) }
            #expect(ids == (10_000..<12_345).map { String($0) })
            #expect(lines[2].contains(",Two year,"))
            // A whole number is one, and no other is changed.
            #expect(lines[1].contains(",1,") && lines[1].contains(",29.85,") && !lines[1].contains(".0,"))
        }
    }

    @Test(
        "an export follows the order that is asked for, page by page",
        arguments: [
            ("sort=risk", .risk, true), ("sort=value&order=asc", .value, false), ("sort=activity", .activity, true),
            ("sort=id&order=desc", .id, true), ("order=desc", .id, true),
        ] as [(String, WatchlistQuery.Order, Bool)])
    func order(_ query: String, _ order: WatchlistQuery.Order, _ isDescending: Bool) async throws {
        let queries = Self.many(3)
        try await queries.serve { server in
            let answer = try await server.request("/api/watchlist/export?risk=High&search=1&\(query)")
            #expect(answer.status == 200)
            #expect(answer.chunks?.split(separator: "\r\n").count == 4)
        }
        let asked = queries.asked.withLock { $0 }
        #expect(
            asked == [
                WatchlistQuery(bands: [.high], search: "1", order: order, isDescending: isDescending, limit: 500)
            ])
    }

    @Test("by id no one is missed, so that the order of ids is read from the directory", arguments: ["", "sort=id"])
    func byID(_ query: String) async throws {
        let queries = Self.many(3)
        try await queries.serve { server in
            let status = try await server.request("/api/watchlist/export?\(query)").status
            #expect(status == 200)
        }
        #expect(queries.asked.withLock { $0 }.isEmpty)
    }

    @Test("filters choose the exported customers")
    func filters() async throws {
        try await Self.many(100).serve { server in
            let path = "/api/watchlist/export?format=ndjson&risk=Critical&contract=Two+year&search=1000"
            let answer = try await server.request(path)
            #expect(answer.header("content-type") == "application/x-ndjson")
            let lines = try #require(answer.chunks).split(separator: "\n").map { JSONValue.parse(Array($0.utf8)) }
            #expect(lines.map { $0?["customerid"] } == [.text("10009")])
            #expect(lines[0]?["risk_score"] == .number(0.9))
        }
    }

    @Test("histories are exported whole, newest first", arguments: ["events/history", "churn-alerts-history"])
    func histories(_ name: String) async throws {
        try await Self.many(1_700).serve { server in
            let answer = try await server.request("/api/\(name)/export?format=ndjson")
            let ids = try #require(answer.chunks).split(separator: "\n").compactMap { line -> Double? in
                let json = JSONValue.parse(Array(line.utf8))
                if case .number(let id)? = json?["event_id"] ?? json?["id"] { return id } else { return nil }
            }
            let all = (1...1_700).reversed().map { Double($0) }
            let alerts = all.filter { $0.truncatingRemainder(dividingBy: 3) == 0 }
            #expect(ids == (name == "events/history" ? all : alerts))
        }
    }

    @Test("an empty export has its header and its end", arguments: [("csv", 1), ("ndjson", 0)])
    func empty(_ format: String, _ lines: Int) async throws {
        try await TestQueries().serve { server in
            let answer = try await server.request("/api/events/history/export?format=\(format)")
            #expect(answer.status == 200)
            #expect(answer.chunks?.split(separator: "\r\n").count == lines)
        }
    }

    @Test("a store that goes away in the middle cuts the answer without its end")
    func cut() async throws {
        let calls = Locked(0)
        var queries = Self.many(3_000)
        queries.before = {
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            if number > 2 { throw ChurnError(.storeUnavailable, .retry, during: "look up") }
        }
        try await queries.serve { server in
            let answer = try await server.request("/api/events/history/export")
            #expect(answer.status == 200)
            #expect(answer.body.contains("contract_downgrade"))
            #expect(answer.chunks == nil)
        }
    }

    // How long it may take, RequestGateTests says.
    @Test("a client that reads slowly gets all of an export, which is streamed")
    func slowReader() async throws {
        // More than the kernel holds for a client that does not read.
        try await Self.many(60_000).serve { server in
            let client = try await RawClient.connect(port: server.port, receiveBuffer: 4_096)
            try await client.setReads(false)
            try await client.send(
                "GET /api/events/history/export HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            // Its pauses lie between parts that it takes, not at the end of a time.
            for _ in 0..<20 {
                try await client.setReads(true)
                let before = client.received.count
                try await eventually("a part has come") { client.received.count > before || client.isClosed }
                try await client.setReads(false)
            }
            try await client.setReads(true)
            try await eventually("the export has ended") { client.isClosed }
            client.close()
            let answer = Answer(client.text)
            #expect(answer.header("content-length") == nil)
            #expect(answer.header("transfer-encoding") == "chunked")
            #expect(answer.chunks?.split(separator: "\r\n").count == 60_001)
        }
    }

    @Test("beside as many exports as may be written at once another gets 503, until one of them ends")
    func places() async throws {
        var limits = ServerLimits()
        limits.maximumExports = 1
        let held = Locked(true)
        let calls = Locked(0)
        var queries = Self.many(700)
        queries.before = {
            calls.withLock { $0 += 1 }
            while held.withLock(\.self) { try await Task.sleep(for: .milliseconds(5)) }
        }
        try await queries.serve(limits: limits) { server in
            async let first = server.request("/api/events/history/export")
            try await eventually("the first export reads") { calls.withLock { $0 } > 0 }
            let second = try await server.request("/api/watchlist/export")
            #expect(second.status == 503)
            #expect(second.header("retry-after") == "5")
            #expect(second.body.contains("too_many_exports"))
            held.withLock { $0 = false }
            #expect(try await first.chunks?.split(separator: "\r\n").count == 701)
            try await eventually("the place is free") {
                try await server.request("/api/watchlist/export").status == 200
            }
        }
    }

    @Test("a client that takes nothing is cut off, and no more is read for it")
    func stalledReader() async throws {
        var limits = ServerLimits()
        limits.exchangeTimeout = .seconds(5)
        let calls = Locked(0)
        var queries = Self.many(2_000)
        let template = queries.logged
        // An endless history.
        queries.before = { calls.withLock { $0 += 1 } }
        let endless = EndlessQueries(base: queries, template: Array(template.prefix(500)))
        try await ServeHarness.run(
            limits: limits, customers: queries,
            queries: ServerQueries(customers: endless, store: endless, now: { TestQueries.time })
        ) { server in
            let client = try await RawClient.connect(port: server.port, receiveBuffer: 4_096)
            try await client.setReads(false)
            try await client.send("GET /api/events/history/export HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("the export has begun") { endless.pages.withLock { $0 } > 0 }
            var last = -1
            try await eventually("nothing more is read") {
                let now = endless.pages.withLock { $0 }
                defer { last = now }
                try await Task.sleep(for: .milliseconds(600))
                return now == last
            }
            client.close()
        }
        #expect(endless.pages.withLock { $0 } < 2_000)
    }

    @Test("parameters of other names and other formats are refused")
    func wrong() async throws {
        try await TestQueries().serve { server in
            for query in ["format=xlsx", "limit=5", "risk=none"] {
                let status = try await server.request("/api/watchlist/export?\(query)").status
                #expect(status == 400, "\(query)")
            }
        }
    }

    @Test(
        "a cell that a spreadsheet would run is text to it",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
            (" =1", "' =1"), ("\u{FF1D}1", "'\u{FF1D}1"), ("\r=1", "\"'\r=1\""), ("plain", "plain"), ("", ""),
            ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("a-b", "a-b"),
        ])
    func formulas(_ text: String, _ cell: String) {
        var csv = CSVText()
        csv.cell(text)
        #expect(String(decoding: csv.bytes, as: UTF8.self) == cell)
    }
}

/// A history without an end.
private struct EndlessQueries: CustomerQueries, InterventionLog, FeatureStore {
    let base: TestQueries
    let template: [LoggedEvent]
    let pages = Locked(0)

    func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent] {
        self.pages.withLock { $0 += 1 }
        return Array(self.template.prefix(limit))
    }
    func riskSummary(at now: Timestamp) async throws -> RiskSummary { try await self.base.riskSummary(at: now) }
    func riskAnalytics() async throws -> RiskAnalytics { try await self.base.riskAnalytics() }
    func watchlist(_ query: WatchlistQuery) async throws -> WatchlistPage { try await self.base.watchlist(query) }
    func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] { [] }
    func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]? { nil }
    func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]? { nil }

    func featureImportances(
        segment: String?, modelVersion: String?, limit: Int
    ) async throws -> [FeatureImportance] { [] }
    func refresh() async throws {}
    func log(
        _ intervention: NewIntervention, at now: Timestamp, audit: AuditNote<Intervention>?
    ) async throws -> Intervention? { nil }
    func states(for ids: [String]) async throws -> [String: CustomerState] { [:] }
}
