import ChurnCore
import ChurnFiles
import Foundation
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct OpenAPITests {
    private static func document(_ domain: Domain = .telco) throws -> JSONValue {
        try Self.parsed(OpenAPIDocument(endpoints: Endpoint.all(domain: domain)))
    }

    private static func parsed(_ document: OpenAPIDocument) throws -> JSONValue {
        try #require(JSONValue.parse(Array(document.json.utf8)))
    }

    private static let methods: Set<String> = ["get", "post", "put", "patch", "delete"]

    /// Every reference of the document.
    private static func references(_ value: JSONValue) -> Set<String> {
        switch value {
        case .list(let list): return list.reduce(into: []) { $0.formUnion(Self.references($1)) }
        case .object(let members):
            var found = members.values.reduce(into: Set<String>()) { $0.formUnion(Self.references($1)) }
            if let name = members["$ref"]?.text { found.insert(name) }
            return found
        default: return []
        }
    }

    @Test("every endpoint has an address of its own, and is documented")
    func everything() throws {
        let endpoints = Set(Endpoint.all().map(\.address))
        #expect(endpoints.count == Endpoint.all().count)
        guard case .object(let paths)? = try Self.document()["paths"] else { throw GaveUp() }
        let documented = Set(
            paths.flatMap { path, item in
                item.names.intersection(Self.methods).map { "\($0.uppercased()) \(path)" }
            })
        #expect(documented == endpoints)
        #expect(endpoints.count > 30)
    }

    @Test("no name stands twice in an object, which some generators refuse")
    func names() {
        let text = OpenAPIDocument(endpoints: Endpoint.all(), isOpen: false).json
        #expect(RepeatedJSONKey.first(in: text.utf8) == nil)
    }

    @Test("every reference leads somewhere, and every component is used")
    func references() throws {
        let document = try Self.document()
        let used = Self.references(document)
        var known: Set<String> = []
        for kind in ["responses", "schemas"] {
            for name in document["components"]?[kind]?.names ?? [] { known.insert("#/components/\(kind)/\(name)") }
        }
        #expect(used.subtracting(known).isEmpty)
        #expect(known.subtracting(used).isEmpty)
    }

    @Test("every operation has an id of its own, a summary, a tag that is listed, and an answer to any failure")
    func operations() throws {
        let document = try Self.document()
        guard case .object(let paths)? = document["paths"] else { throw GaveUp() }
        let tags = Set((document["tags"]?.list ?? []).compactMap { $0["name"]?.text })
        var ids: [String] = []
        for (path, item) in paths {
            for method in item.names.intersection(Self.methods) {
                let operation = item[method]
                ids.append(operation?["operationId"]?.text ?? "")
                #expect(operation?["summary"]?.text != nil, "\(path)")
                let named: [String] = (operation?["tags"]?.list ?? []).compactMap(\.text)
                #expect(!named.isEmpty && named.allSatisfy(tags.contains), "\(path)")
                #expect(operation?["responses"]?["default"] != nil, "\(path)")
            }
        }
        #expect(Set(ids).count == ids.count && !ids.contains(""))
    }

    @Test("what the document says of credentials is what routes ask for")
    func credentials() throws {
        let document = try Self.document()
        #expect(document["components"]?["securitySchemes"]?["bearer"]?["scheme"] == .text("bearer"))
        #expect(document["security"]?.list.count == 1)
        guard case .object(let paths)? = document["paths"] else { throw GaveUp() }
        let rules = Dictionary(uniqueKeysWithValues: Endpoint.all().map { ($0.address, $0.access) })
        for (path, item) in paths {
            for method in item.names.intersection(Self.methods) {
                let isOpen = item[method]?["security"] == .list([])
                let rule = try #require(rules["\(method.uppercased()) \(path)"], "\(path)")
                #expect(isOpen == (rule == .open), "\(method) \(path)")
                guard !isOpen else { continue }
                let answers: Set<String> = item[method]?["responses"]?.names ?? []
                #expect(answers.isSuperset(of: ["401", "403", "429"]), "\(path)")
                #expect(method == "get" || answers.isSuperset(of: ["400", "413", "415"]), "\(path)")
            }
        }
        let open = try Self.parsed(OpenAPIDocument(endpoints: Endpoint.all(), isOpen: true))
        #expect(open["security"] == .list([]))
    }

    @Test("no path and no operation is described twice")
    func onlyOnce() throws {
        let text = OpenAPIDocument(endpoints: Endpoint.all()).json
        guard case .object(let paths)? = try Self.document()["paths"] else { throw GaveUp() }
        for path in paths.keys { #expect(text.ranges(of: "\"\(path)\": {").count == 1, "\(path)") }
        let kept = paths.values.map { $0.names.intersection(Self.methods).count }.reduce(0, +)
        #expect(text.ranges(of: #""operationId""#).count == kept)
    }

    /// Run with CHURN_TEST_WRITE_DOCS=1 to write the file again; the dashboard's own types are checked against it by
    /// `Dashboard/src/api/checks.ts`.
    @Test("the dashboard knows the types of all answers")
    func dashboardTypes() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Dashboard/src/api/answers.ts")
        let text = TypeScriptTypes(document: try Self.document()).text
        if ProcessInfo.processInfo.environment["CHURN_TEST_WRITE_DOCS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(
                try String(contentsOf: file, encoding: .utf8) == text,
                "run CHURN_TEST_WRITE_DOCS=1 swift test --filter OpenAPITests")
        }
    }

    @Test("names of another customer base are its own")
    func otherDomain() throws {
        let domain = try Domain(
            yaml: """
                name: shop
                id: Shopper
                label: {column: Left, positive: "1", negative: "0"}
                segment: "Tier"
                value: Spend
                features:
                  - {name: Tier, type: categorical, categories: ["Gold \\"A\\"", Basic]}
                  - {name: Spend, type: numeric}
                  - {name: Subscribed, type: boolean}
                """)
        let document = try Self.document(domain)
        let features = document["components"]?["schemas"]?["Features"]?["properties"]
        let names: Set<String> = try #require(features).names
        #expect(names == ["tier", "spend", "subscribed"])
        let parameters = document["paths"]?["/api/watchlist"]?["get"]?["parameters"]?.list ?? []
        #expect(parameters.contains { $0["name"] == .text("tier") })
    }

    @Test("the document and its page are served, and need nothing from elsewhere")
    func page() async throws {
        try await TestQueries().serve { server in
            let document = try await server.request("/openapi.json")
            #expect(document.header("content-type") == "application/json")
            #expect(document.json?["openapi"] == .text("3.1.0"))
            for (path, type) in [("/docs", "text/html"), ("/docs.js", "text/javascript"), ("/docs.css", "text/css")] {
                let answer = try await server.request(path)
                #expect(answer.status == 200)
                #expect(answer.header("content-type")?.hasPrefix(type) == true)
                #expect(answer.header("content-security-policy")?.contains("script-src 'self'") == true)
                #expect(answer.body.ranges(of: "://").count == answer.body.ranges(of: "://www.w3.org").count)
                #expect(!answer.body.contains("style=") && !answer.body.contains("<style>"))
                #expect(!answer.body.contains("innerHTML"))
            }
        }
    }
}
