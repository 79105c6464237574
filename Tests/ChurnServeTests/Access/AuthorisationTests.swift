import ChurnCore
import ChurnInsight
import ChurnMemory
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct AuthorisationTests {
    /// A router with every endpoint, each of which says who reached it.
    ///
    /// - Parameter more: routes of the router that are no endpoints.
    private static func responder(_ access: AccessControl, more: [String] = []) -> RouterResponder<ServeContext> {
        let router = Router(context: ServeContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: AnswerMiddleware(
                metrics: ServeMetrics(factory: PrometheusMetricsFactory()), logger: Logger.quiet))
        router.add(
            middleware: AccessMiddleware(
                table: AccessTable(Endpoint.all()), access: access, limiter: RateLimiter(perSecond: 1_000_000),
                deadline: .seconds(60)))
        for route in more {
            let words = route.split(separator: " ").map(String.init)
            router.on(RouterPath(words[1]), method: HTTPRequest.Method(words[0]) ?? .get) { _, _ in "reached" }
        }
        for endpoint in Endpoint.all() {
            router.on(RouterPath(endpoint.path), method: endpoint.method) { _, context in
                "reached by \(context.principal?.name ?? "a caller without a name")"
            }
        }
        return router.buildResponder()
    }

    private static func ask(
        _ responder: RouterResponder<ServeContext>, _ route: String, authorization: [String] = []
    ) async throws -> Response {
        let words = route.split(separator: " ").map(String.init)
        var head = HTTPRequest(
            method: HTTPRequest.Method(words[0]) ?? .get, scheme: "http", authority: "localhost",
            path: words[1].replacing("{id}", with: "c1"))
        for value in authorization { head.headerFields.append(HTTPField(name: .authorization, value: value)) }
        let context = ServeContext(
            source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger.quiet))
        return try await responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())), context: context)
    }

    @Test("every route answers every caller as stated, by keys and by tokens", arguments: [false, true])
    func matrix(_ asJWT: Bool) async throws {
        let access = try await TestAccess()
        let responder = Self.responder(access.control)
        var cells = 0
        for (route, stated) in AuthorisationMatrix.stated {
            for (credential, expected) in zip(TestAccess.Credential.allCases, stated.split(separator: " ")) {
                let token = access.token(credential, asJWT: asJWT)
                let answer = try await Self.ask(responder, route, authorization: token.map { ["Bearer \($0)"] } ?? [])
                #expect("\(answer.status.code)" == expected, "\(route) by \(credential)")
                let challenge = answer.headers[.wwwAuthenticate]
                #expect((challenge != nil) == (answer.status == .unauthorized), "\(route) by \(credential)")
                if answer.status.kind == .clientError {
                    #expect(answer.headers[.contentType] == Problem.contentType)
                }
                cells += 1
            }
        }
        #expect(cells == Endpoint.all().count * TestAccess.Credential.allCases.count)
    }

    @Test("the matrix states every endpoint, and every caller of each")
    func complete() {
        #expect(Set(AuthorisationMatrix.stated.keys) == Set(Endpoint.all().map(\.address)))
        for (route, stated) in AuthorisationMatrix.stated {
            #expect(stated.split(separator: " ").count == TestAccess.Credential.allCases.count, "\(route)")
        }
    }

    @Test("a route that is no endpoint answers no one, open access or not")
    func unlisted() async throws {
        let access = try await TestAccess()
        for control in [access.control, .open()] {
            let responder = Self.responder(control, more: ["GET /api/forgotten", "DELETE /api/customer/{id}"])
            let token = try #require(access.token(.admin))
            let forgotten = try await Self.ask(responder, "GET /api/forgotten", authorization: ["Bearer \(token)"])
            #expect(forgotten.status == .forbidden)
            let other = try await Self.ask(
                responder, "DELETE /api/customer/{id}", authorization: ["Bearer \(token)"])
            #expect(other.status == .methodNotAllowed && other.headers[.allow] == "GET, HEAD")
        }
    }

    @Test("HEAD needs what GET needs")
    func head() async throws {
        let access = try await TestAccess()
        let responder = Self.responder(access.control)
        #expect(try await Self.ask(responder, "HEAD /api/watchlist").status == .unauthorized)
        let ingest = try #require(access.token(.ingest))
        let answer = try await Self.ask(responder, "HEAD /api/watchlist", authorization: ["Bearer \(ingest)"])
        #expect(answer.status == .forbidden)
    }

    @Test("only one bearer's token in the Authorization header counts")
    func header() async throws {
        let access = try await TestAccess()
        let responder = Self.responder(access.control)
        let token = try #require(access.token(.viewer))
        for good in [["Bearer \(token)"], ["bearer  \(token)"], ["BEARER \(token) "]] {
            #expect(try await Self.ask(responder, "GET /api/models", authorization: good).status == .ok, "\(good)")
        }
        for bad in [
            ["Basic \(token)"], [token], ["Bearer"], ["Bearer \(token) x"], ["Bearer \(token),"], [""],
            ["Bearer \(token)", "Bearer \(token)"],
        ] {
            let status = try await Self.ask(responder, "GET /api/models", authorization: bad).status
            #expect(status == .unauthorized, "\(bad)")
        }
    }

    @Test("over the wire: nothing without a credential, everything stated with one, and never by the address")
    func overTheWire() async throws {
        let access = try await TestAccess()
        let queries = ServerQueries(customers: TestQueries(), store: TestQueries())
        try await ServeHarness.run(queries: queries, access: access.control) { server in
            for route in server.routes where route.hasPrefix("GET /api/") {
                let path = String(route.dropFirst(4)).replacing("{id}", with: "c1")
                let none = try await server.request(path)
                #expect(none.status == 401 && none.header("www-authenticate") == #"Bearer realm="churn""#, "\(route)")
                let admin = try #require(access.token(.admin))
                #expect(try await server.request(path, headers: "Authorization: Bearer \(admin)\r\n").status != 401)
                for query in ["?token=\(admin)", "?access_token=\(admin)", "?authorization=Bearer%20\(admin)"] {
                    #expect(try await server.request(path + query).status == 401)
                }
                #expect(try await server.request(path, headers: "Cookie: token=\(admin)\r\n").status == 401)
            }
            #expect(try await server.request("/nothing").status == 404)
            #expect(try await server.request("/health/live").status == 200)
        }
    }

    @Test("a caller that asks too much learns when to come back, and others are not held up")
    func perPrincipal() async throws {
        let access = try await TestAccess()
        var limits = ServerLimits()
        limits.requestsPerSecondPerPrincipal = 1
        try await ServeHarness.run(limits: limits, access: access.control) { server in
            let viewer = "Authorization: Bearer \(access.token(.viewer) ?? "")\r\n"
            let agent = "Authorization: Bearer \(access.token(.agent) ?? "")\r\n"
            var statuses: Set<Int> = []
            for _ in 0..<50 where !statuses.contains(429) {
                let answer = try await server.request("/api/customer/c1", headers: viewer)
                statuses.insert(answer.status)
                if answer.status == 429 { #expect(answer.header("retry-after") == "1") }
            }
            #expect(statuses == [404, 429])
            #expect(try await server.request("/api/customer/c1", headers: agent).status == 404)
        }
    }

    @Test("a caller that cannot be looked up because the store is away is asked to come back")
    func away() async throws {
        struct Away: Authenticator {
            func principal(for token: String) async throws -> Principal? {
                throw ChurnError(.storeUnavailable, .retry, during: "look a key up", advice: "canary")
            }
        }
        let access = AccessControl(authenticator: Away(), audit: InMemoryAuditLog())
        try await ServeHarness.run(access: access) { server in
            let answer = try await server.request("/api/customer/a", headers: "Authorization: Bearer x\r\n")
            #expect(answer.status == 503 && answer.header("retry-after") != nil)
            #expect(!answer.body.contains("canary"))
        }
    }

    @Test("an intervention goes to the audit log under the name of who signed in")
    func interventionIsAudited() async throws {
        let access = try await TestAccess()
        let store = InMemoryStore(domain: .telco, audit: access.audit)
        let features = Domain.telco.schema.features.map { _ in FeatureValue.missing }
        _ = try await store.importCustomers([CustomerState(id: "c1", features: features)])
        try await ServeHarness.run(
            customers: store, queries: ServerQueries(customers: store, store: store), access: access.control
        ) { server in
            let body = #"{"intervention_type":"Call","description":"Called","agent":"another agent"}"#
            let headers = "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            for (credential, status) in [(TestAccess.Credential.viewer, 403), (.agent, 201)] {
                let answer = try await server.request(
                    "/api/customer/c1/log-intervention", method: "POST",
                    headers: headers + "Authorization: Bearer \(access.token(credential) ?? "")\r\n", body: body)
                #expect(answer.status == status, "\(answer.body)")
            }
        }
        let entries = try await access.audit.auditEntries(before: nil, limit: 10)
        #expect(entries.map(\.entry.actor) == ["key:agent"])
        // Who it was, beside whom the body named.
        #expect(entries.first?.entry.detail?.hasSuffix("; for agent another agent") == true)
        #expect(entries.map(\.entry.action) == ["intervention.logged"] && entries.first?.entry.subject == "c1")
    }

    @Test("each caller learns its own name, its roles, and whether it may work on cases")
    func whoSignedIn() async throws {
        let access = try await TestAccess()
        try await ServeHarness.run(access: access.control) { server in
            for (credential, mayWork) in [
                (TestAccess.Credential.viewer, false), (.agent, true), (.ingest, false), (.admin, true),
            ] {
                let answer = try await server.request(
                    "/api/me", headers: "Authorization: Bearer \(access.token(credential) ?? "")\r\n")
                let expected: JSONValue = .object([
                    "name": .text("key:\(credential.rawValue)"), "roles": .list([.text(credential.rawValue)]),
                    "may_work": .flag(mayWork),
                ])
                #expect(answer.json == expected)
            }
        }
        try await ServeHarness.run { server in
            let answer = try await server.request("/api/me")
            #expect(answer.json?["may_work"] == .flag(true) && answer.json?["name"] == .null)
            #expect(answer.json?["roles"]?.list.count == Role.allCases.count)
        }
    }

    @Test("the audit log is an administrator's to read, newest first, in pages")
    func audit() async throws {
        let access = try await TestAccess()
        for number in 1...3 {
            try await access.audit.record(
                NewAuditEntry(
                    time: TestTokens.now, actor: "user:ann", action: "intervention.logged", subject: "c\(number)"))
        }
        try await ServeHarness.run(access: access.control) { server in
            let admin = "Authorization: Bearer \(access.token(.admin) ?? "")\r\n"
            let first = try await server.request("/api/audit?limit=2", headers: admin)
            #expect(
                first.body == #"{"entries":[{"entry_id":3,"time":"2026-01-01T00:00:00.000000Z","actor":"user:ann","#
                    + #""action":"intervention.logged","subject":"c3","detail":null},"#
                    + #"{"entry_id":2,"time":"2026-01-01T00:00:00.000000Z","actor":"user:ann","#
                    + #""action":"intervention.logged","subject":"c2","detail":null}]}"#)
            let rest = try await server.request("/api/audit?before=2", headers: admin)
            #expect(rest.body.contains(#""entry_id":1"#) && !rest.body.contains(#""entry_id":2"#))
            for query in ["limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "before=0", "before=-1", "limit="] {
                let answer = try await server.request("/api/audit?\(query)", headers: admin)
                #expect(answer.status == 400 && answer.body.contains("bad_parameter"), "\(query)")
            }
        }
    }
}
