import NIOCore
import Testing

@testable import ChurnServe

@Suite struct ClientCommandTests {
    /// The command, or the code of the answer to what is none.
    private func parse(_ text: String) -> (command: ClientCommand?, code: String?) {
        do throws(ClientCommand.Fault) {
            return (try ClientCommand.parse(ByteBuffer(string: text)), nil)
        } catch {
            return (nil, error.code.description)
        }
    }

    @Test("commands are read")
    func good() throws {
        #expect(self.parse(#"{"type":"ping"}"#).command == .ping)
        #expect(self.parse(#"{"type":"conflate","by":"customer"}"#).command == .conflate(true))
        #expect(self.parse(#"{"type":"presence"}"#).command == .presence)
        #expect(self.parse(#"{"type":"conflate","by":"none"}"#).command == .conflate(false))
        #expect(self.parse(#"{"type":"filter","filter":{}}"#).command == .filter(UpdateFilter()))
        #expect(self.parse(#"{"type":"authenticate","token":"t"}"#).command == .authenticate(token: "t"))
        var filter = UpdateFilter()
        try filter.add("High", to: .band)
        try filter.add("Low", to: .band)
        try filter.add("x", to: .customer)
        #expect(
            self.parse(#"{"type":"filter","filter":{"band":["Low","High"],"customer":"x"}}"#).command == .filter(filter)
        )
    }

    @Test(
        "what is no command, or more than one, is refused",
        arguments: [
            ("", "malformed_command"), ("[]", "malformed_command"), (#"{"type":["ping"]}"#, "malformed_command"),
            (#"{"type":"ping","x":1}"#, "malformed_command"), (#"{"type":"ping","x":"1"}"#, "unknown_field"),
            (#"{"type":"filter","filter":{"bands":"High"}}"#, "unknown_field"), (#"{"type":"filter"}"#, "bad_value"),
            (#"{"type":"filter","filter":{},"band":"Low"}"#, "unknown_field"), (#"{"type":"pong"}"#, "unknown_command"),
            (#"{"type":"filter","filter":{"band":"high"}}"#, "bad_value"),
            (#"{"type":"filter","filter":{"customer":""}}"#, "bad_value"),
            (#"{"type":"filter","filter":{"type":"x"}}"#, "bad_value"),
            (#"{"type":"filter","filter":{"band":[["Low"]]}}"#, "malformed_command"),
            (#"{"type":"conflate"}"#, "bad_value"),
            (#"{"type":"authenticate"}"#, "bad_value"),
            (#"{"type":"conflate","by":["customer"]}"#, "malformed_command"),
        ])
    func bad(_ text: String, _ code: String) {
        #expect(self.parse(text).code == code)
    }

    @Test("a filter has at most 64 values")
    func manyValues() throws {
        var filter = UpdateFilter()
        for index in 0..<64 { try filter.add("\(index)", to: .customer) }
        do throws(UpdateFilter.Fault) {
            try filter.add("one more", to: .segment)
            Issue.record("the 65th value was taken")
        } catch {
            #expect(error == .tooMany)
        }
    }
}
