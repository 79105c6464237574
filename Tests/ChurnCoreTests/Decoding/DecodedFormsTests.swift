import ChurnCore
import Testing

@testable import ChurnCore

@Suite("Forms of records")
struct DecodedFormsTests {
    private let decoder = EventDecoder(domain: .telco)

    @Test(
        "ids that are whole numbers are the text of their digits, however many",
        arguments: ["7", "0", "-5", "15600001", "9007199254740993", "123456789012345678901234567890"])
    func wholeNumbers(_ digits: String) throws {
        let json = #"{"event_type":"a","user_id":\#(digits),"event_id":\#(digits)}"#
        for key in [nil, Array(digits.utf8)] {
            guard case .event(let entry) = self.decoder.decode(makeRecord(Array(json.utf8), key: key)) else {
                Issue.record("rejected")
                continue
            }
            #expect(entry.event.customerID == digits && entry.event.sourceEventID == digits)
            #expect(entry.event.json == Array(json.utf8))
        }
    }

    private static let event = #"{"event_type":"a","user_id":"u"}"#
    static let forms: [(value: [UInt8]?, says: String)] = [
        (nil, "tombstone"), ([], "empty"), (Array(" \n".utf8), "white space only"),
        ([0, 0, 0, 0, 1] + Array(Self.event.utf8), "schema registry"), ([0, 0, 0, 0, 1, 2, 0x80], "schema registry"),
        ([0xEF, 0xBB, 0xBF] + Array(Self.event.utf8), "byte order mark"),
        ([0xFF, 0xFE] + Array(Self.event.utf16).flatMap { [UInt8($0), 0] }, "UTF-16"),
        (Array(Self.event.utf16).flatMap { [UInt8($0), 0] }, "UTF-16"),
        (Array(Self.event.utf16).flatMap { [0, UInt8($0)] }, "UTF-16"),
        (Array("[\(Self.event)]".utf8), "list"), (Array(#"  "{\"event_type\":\"a\"}""#.utf8), "within a JSON text"),
        (Array(#""hello""#.utf8), "a text"), (Array("42".utf8), "number"), (Array("null".utf8), "null"),
        (Array("<event/>".utf8), "XML"), ([0x1F, 0x8B, 8, 0], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([0x78, 0x9C, 0x4B], "zlib"), ([0xC3, 0x01, 0, 0], "Avro"),
        (Array(#"{"schema":{"type":"struct"},"payload":\#(Self.event)}"#.utf8), "member payload"),
        (Array(#"{"specversion":"1.0","data":\#(Self.event)}"#.utf8), "member data"),
        (Array(#"{"event_type":"a","user_id":u}"#.utf8), "at byte 28"),
        (Array(#"{"event_type":"a","user_id":1.5}"#.utf8), "fraction"),
    ]

    @Test("a dead letter's reason names the form of what is no event", arguments: Self.forms.indices)
    func reasons(_ index: Int) {
        let (value, says) = Self.forms[index]
        guard case .rejected(let rejection) = self.decoder.decode(makeRecord(value)) else {
            Issue.record("accepted")
            return
        }
        #expect(rejection.reason.contains(says), "\(rejection.reason)")
    }

    @Test(
        "and of a key that is not the id",
        arguments: [(Array(#""u""#.utf8), "in quotes"), ([0, 0, 0, 0, 1, 0x75], "schema registry"), ([], "empty")]
            as [([UInt8], String)])
    func keys(_ key: [UInt8], _ says: String) {
        guard case .rejected(let rejection) = self.decoder.decode(makeRecord(Array(Self.event.utf8), key: key)) else {
            Issue.record("accepted")
            return
        }
        #expect(rejection.code == .keyMismatch && rejection.reason.contains(says), "\(rejection.reason)")
    }
}
