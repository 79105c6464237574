import NIOCore
import Testing

@testable import ChurnServe

@Suite struct RepeatedNameTests {
    @Test(
        "a name that stands twice in one object is found, however deep and however it is spelled",
        arguments: [
            (#"{"a":1,"a":2}"#, true), (#"{"a":1,"\u0061":2}"#, true), (#"{"x":[{"b":{}},{"a":1, "a" :2}]}"#, true),
            (#"{"a":{"a":1},"b":{"a":1}}"#, false), (#"[{"a":1},{"a":2}]"#, false), (#"{"a":"a","b":"a"}"#, false),
            (#"{"a":["b","b"],"b":1}"#, false), (#"{"a\"":1,"a":2}"#, false), (#"{"a":"{\"a\":1,\"a\":2}"}"#, false),
            ("{\"\u{E9}\":1,\"e\u{301}\":2}", true), ("", false), (#"{"a"#, false), (#"{"a":1,"a"#, false),
            ("]}\"a\":1,\"a\"", false), (#"{"\"#, false),
        ])
    func found(_ json: String, _ isRepeated: Bool) {
        #expect(RepeatedName.isIn(Array(json.utf8)) == isRepeated, "\(json)")
    }

    @Test("a body or a command with one is refused")
    func refused() async throws {
        try await TestQueries(customers: [TestQueries.customer("a")]).serve { server in
            for (path, body) in [
                ("/api/customer/a/log-intervention", #"{"intervention_type":"call","intervention_type":"visit"}"#),
                ("/api/score", #"{"customer_id":"a","customer_id":"b"}"#),
                ("/api/broadcast-event", #"{"type":"x","payload":{"a":1,"a":2}}"#),
            ] {
                let answer = try await server.post(path, body)
                #expect(answer.status == 400 && answer.json?["code"] == .text("repeated_name"), "\(path)")
            }
        }
        #expect(throws: ClientCommand.Fault.self) {
            try ClientCommand.parse(ByteBuffer(string: #"{"type":"ping","type":"presence"}"#))
        }
    }
}
