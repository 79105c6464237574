import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a client of the live feed may ask for.
enum ClientCommand {
    private struct Envelope: Decodable { var type: String }

    /// The answer to a command, as JSON: an error message for whatever is not one.
    static func answer(to text: ByteBuffer) -> [UInt8] {
        let data = Data(text.readableBytesView)
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: data) else {
            return FeedMessage.error(
                code: "malformed_command", detail: "A command is a JSON object with a text field named type.")
        }
        switch envelope.type {
        case "ping": return FeedMessage.pong
        default: return FeedMessage.error(code: "unknown_command", detail: "The only command is ping.")
        }
    }
}
