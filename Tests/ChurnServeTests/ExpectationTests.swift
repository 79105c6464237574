import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite("A client that waits for status 100", .timeLimit(.minutes(2))) struct ExpectationTests {
    private static let json = "Content-Type: application/json\r\n"
    private static let body = #"{"customer_id":"x"}"#

    private static func head(
        _ line: String, length: Int, _ more: String = json, expect: String = "100-continue"
    ) -> String {
        "\(line)\r\nHost: localhost\r\n\(more)Content-Length: \(length)\r\nExpect: \(expect)\r\n\r\n"
    }

    @Test("is asked for the body where that is read, and may go on with the connection")
    func asked() async throws {
        try await TestQueries().serve { server in
            let client = try await RawClient.connect(port: server.port)
            for number in 1...2 {
                try await client.send(Self.head("POST /api/score HTTP/1.1", length: Self.body.utf8.count))
                try await eventually("the body is wanted") {
                    client.text.ranges(of: "HTTP/1.1 100 Continue\r\n\r\n").count == number
                }
                try await client.send(Self.body)
                try await eventually("the answer came") { client.text.ranges(of: "no_model").count == number }
            }
            #expect(client.text.ranges(of: "HTTP/1.1 ").count == 4)
            client.close()
        }
    }

    @Test(
        "gets the final answer, and the connection's end, where the body is not read",
        arguments: [
            ("POST /api/score HTTP/1.1", 19, "Content-Type: text/plain\r\n", 415),
            ("POST /api/score HTTP/1.1", 70_000, json, 413), ("POST /api/none HTTP/1.1", 19, json, 404),
            ("GET /health/live HTTP/1.1", 19, "", 200), ("PUT /api/score HTTP/1.1", 19, json, 405),
        ])
    func refused(_ line: String, _ length: Int, _ headers: String, _ status: Int) async throws {
        try await TestQueries().serve { server in
            let client = try await RawClient.connect(port: server.port)
            try await client.send(Self.head(line, length: length, headers))
            try await eventually("the connection ended") { client.isClosed }
            #expect(!client.text.contains("100 Continue"))
            let answer = Answer(client.text)
            #expect(answer.status == status && answer.header("connection") == "close", "\(answer.head)")
            client.close()
        }
    }

    @Test("is refused without signing in, and no body of it is asked for")
    func unknown() async throws {
        let access = try await TestAccess()
        try await ServeHarness.run(
            queries: ServerQueries(customers: TestQueries(), store: TestQueries()), access: access.control
        ) { server in
            let client = try await RawClient.connect(port: server.port)
            try await client.send(Self.head("POST /api/score HTTP/1.1", length: 19))
            try await eventually("the connection ended") { client.isClosed }
            #expect(Answer(client.text).status == 401)
            client.close()
        }
    }

    @Test("one that sends the body all the same gets its answer")
    func impatient() async throws {
        try await TestQueries().serve { server in
            let client = try await RawClient.connect(port: server.port)
            try await client.send(Self.head("POST /api/score HTTP/1.1", length: 19) + Self.body)
            try await eventually("the answer came") { client.text.contains("no_model") }
            client.close()
        }
    }

    @Test(
        "another expectation is 417, and a client of HTTP/1.0 can have none",
        arguments: [
            ("HTTP/1.1", "200-ok", "417"), ("HTTP/1.1", "100-continue, more", "417"),
            ("HTTP/1.1", "100-Continue", "503"),
            ("HTTP/1.0", "100-continue", "503"), ("HTTP/1.0", "more", "503"),
        ])
    func others(_ version: String, _ expectation: String, _ status: String) async throws {
        try await TestQueries().serve { server in
            let client = try await RawClient.connect(port: server.port)
            try await client.send(
                Self.head("POST /api/score \(version)", length: 19, expect: expectation) + Self.body)
            try await eventually("the answer came") { client.text.contains(" \(status) ") }
            #expect(version == "HTTP/1.1" || !client.text.contains("100 Continue"))
            client.close()
        }
    }
}
