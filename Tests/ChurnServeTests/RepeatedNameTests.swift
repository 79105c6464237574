import NIOCore
import Testing

@testable import ChurnServe

@Suite struct RepeatedNameTests {
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
