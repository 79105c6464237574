import ChurnCore
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// An answer of one JSON object.
    static func json(_ body: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(body)
        return .json(json.buffer)
    }

    /// An answer of one JSON array.
    static func json<Element>(
        array elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) -> Response {
        var json = JSONWriter()
        json.array(elements) { json, element in json.object { body(&$0, element) } }
        return .json(json.buffer)
    }

    /// An answer of JSON that is written.
    static func json(_ text: ByteBuffer) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: text))
    }
}
