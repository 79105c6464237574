import ChurnCore
import Testing

/// Builds records for decoder tests.
func makeRecord(_ value: [UInt8]?, key: [UInt8]? = nil, offset: Int64 = 0) -> Record {
    Record(
        position: StreamPosition(
            partition: StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "test", topic: "events")), partition: 0),
            offset: offset),
        key: key, value: value, time: Timestamp(microseconds: 5))
}

@Suite("Event decoder")
struct EventDecoderTests {
    private let decoder = EventDecoder(domain: .telco)

    private func event(_ json: String, key: String? = nil) throws -> CustomerEvent {
        switch self.decoder.decode(makeRecord(Array(json.utf8), key: key.map { Array($0.utf8) })) {
        case .event(let entry): return entry.event
        case .rejected(let rejection):
            Issue.record("rejected: \(rejection.code.rawValue) \(rejection.reason)")
            throw ChurnError(.internalError, .fatal, during: "decode in a test")
        }
    }

    @Test("the contract's example is decoded")
    func contractExample() throws {
        let event = try self.event(
            #"{"event_type": "contract_downgrade", "user_id": "7590-VHVEG", "details": "Switched to Month-to-month", "timestamp": 1700000000.25}"#,
            key: "7590-VHVEG")
        #expect(event.customerID == "7590-VHVEG")
        #expect(event.type.rawValue == "contract_downgrade")
        #expect(event.details == "Switched to Month-to-month")
        #expect(event.time.microseconds == 1_700_000_000_250_000)
        #expect(event.recordTime.microseconds == 5)
    }

    @Test("escapes, unknown fields, nulls and ISO times are understood")
    func escapes() throws {
        let event = try self.event(
            #" {"event\u005ftype":"a\n\"\ud83d\ude00é","user_id":"u","event_id":"e1","details":null,"x":[1,{"y":[]}],"timestamp":"1970-01-01T00:00:02Z"} "#
        )
        #expect(event.type.rawValue == "a\n\"😀é")
        #expect(event.sourceEventID == "e1")
        #expect(event.details == nil)
        #expect(event.time.microseconds == 2_000_000)
    }

    @Test("the customer is taken from the key, and the time from the record, where the value has none")
    func fromKey() throws {
        let event = try self.event(#"{"event_type":"a"}"#, key: "u7")
        #expect(event.customerID == "u7")
        #expect(event.time.microseconds == 5)
    }

    @Test("a number that no model reads is refused with the reason, and a zero has no sign")
    func unusableNumbers() throws {
        for number in ["1.7976931348623157E308", "-3.5e38", "1e39"] {
            let record = #"{"event_type":"a","user_id":"u","changes":{"MonthlyCharges":\#(number)}}"#
            guard case .rejected(let rejection) = self.decoder.decode(makeRecord(Array(record.utf8))) else {
                Issue.record("\(number) was taken")
                continue
            }
            #expect(rejection.code == .invalidField)
            #expect(rejection.reason == "changes.MonthlyCharges is larger than a model can read")
        }
        let zero = try self.event(
            #"{"event_type":"a","user_id":"u","changes":{"MonthlyCharges":-0.0,"tenure":5e-324}}"#)
        let numbers = zero.changes.compactMap(\.value.numberValue)
        #expect(numbers == [0, Double.leastNonzeroMagnitude] && numbers[0].sign == .plus)
    }

    @Test("changes are read by feature, whatever the name's case")
    func changes() throws {
        let event = try self.event(
            #"{"event_type":"a","user_id":"u","changes":{"tenure":3,"CONTRACT":"One year","TotalCharges":null}}"#)
        let schema = Domain.telco.schema
        #expect(
            event.changes == [
                FeatureChange(feature: try #require(schema.index(of: "tenure")), value: .number(3)),
                FeatureChange(feature: try #require(schema.index(of: "Contract")), value: .text("One year")),
                FeatureChange(feature: try #require(schema.index(of: "TotalCharges")), value: .missing),
            ])
    }

    static let bad: [(String, Rejection.Code)] = [
        ("", .invalidJSON), ("null", .invalidJSON), ("[]", .invalidJSON), ("\"x\"", .invalidJSON), ("{", .invalidJSON),
        ("{}", .missingField), (#"{"event_type":"a"}"#, .missingField), (#"{"user_id":"u"}"#, .missingField),
        (#"{"event_type":"a","user_id":"u"} x"#, .invalidJSON), (#"{"event_type":"a","user_id":"u",}"#, .invalidJSON),
        (#"{'event_type':'a','user_id':'u'}"#, .invalidJSON), (#"{"event_type":"a","user_id":u}"#, .invalidJSON),
        (#"{"event_type":1,"user_id":"u"}"#, .invalidField), (#"{"event_type":"a","user_id":7.0}"#, .invalidField),
        (#"{"event_type":"a","user_id":1e3}"#, .invalidField), (#"{"event_type":"a","user_id":true}"#, .invalidField),
        (#"{"event_type":"","user_id":"u"}"#, .invalidField), (#"{"event_type":"a","user_id":""}"#, .invalidField),
        (#"{"event_type":"a","user_id":null}"#, .missingField), (#"{"event_type":null,"user_id":"u"}"#, .missingField),
        (#"{"event_type":"a","user_id":"u","user_id":"v"}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","details":{"a":1}}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","event_id":5.5}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","timestamp":"soon"}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","timestamp":1e300}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","timestamp":1700000000000000}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","timestamp":true}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","x":1e99999}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","x":"\u0000"}"#, .unstorableText),
        (#"{"event_type":"a","user_id":"u","x":"\ud800"}"#, .unstorableText),
        (#"{"event_type":"a","user_id":"u","x":"\udc00\ud800"}"#, .unstorableText),
        (#"{"event_type":"a","user_id":"u","x":"\x41"}"#, .invalidJSON),
        (#"{"event_type":"a","user_id":"u","x":"\u12"}"#, .invalidJSON),
        (#"{"event_type":"a","user_id":"u","x":01}"#, .invalidJSON),
        (#"{"event_type":"a","user_id":"u","x":NaN}"#, .invalidJSON),
        ("{\"event_type\":\"a\",\"user_id\":\"u\",\"x\":\"\n\"}", .invalidJSON),
        ("\u{FEFF}{\"event_type\":\"a\"}", .invalidJSON),
        (#"{"event_type":"a","user_id":"u","changes":[]}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","changes":{"colour":1}}"#, .unknownFeature),
        (#"{"event_type":"a","user_id":"u","changes":{"tenure":"3"}}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","changes":{"Contract":1}}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","changes":{"tenure":1,"Tenure":2}}"#, .invalidField),
        (#"{"event_type":"a","user_id":"u","x":"# + String(repeating: "[", count: 100_000), .invalidJSON),
    ]

    @Test("a bad value is rejected with its reason and does not show itself", arguments: Self.bad)
    func rejects(json: String, code: Rejection.Code) {
        guard case .rejected(let rejection) = self.decoder.decode(makeRecord(Array(json.utf8))) else {
            Issue.record("accepted")
            return
        }
        #expect(rejection.code == code)
        #expect(!rejection.reason.isEmpty)
        #expect(rejection.record.value == Array(json.utf8))
    }

    @Test("null values, bad UTF-8, oversize and a foreign key are rejected")
    func transportFaults() {
        let good = Array(#"{"event_type":"a","user_id":"u"}"#.utf8)
        let cases: [(Record, Rejection.Code)] = [
            (makeRecord(nil, key: Array("u".utf8)), .nullValue),
            (makeRecord([0x7B, 0x22, 0xFF, 0x22, 0x7D]), .invalidUTF8),
            (makeRecord([UInt8](repeating: 0x20, count: 2_000_000) + good), .tooLarge),
            (makeRecord(good, key: Array("v".utf8)), .keyMismatch),
            (makeRecord(good, key: [0xFF]), .keyMismatch), (makeRecord(good, key: []), .keyMismatch),
            (makeRecord(Array(#"{"event_type":"a"}"#.utf8), key: [0xFF]), .missingField),
            (makeRecord(Array(#"{"event_type":"a"}"#.utf8), key: []), .missingField),
        ]
        for (record, code) in cases {
            guard case .rejected(let rejection) = self.decoder.decode(record) else {
                Issue.record("accepted where \(code.rawValue) was due")
                continue
            }
            #expect(rejection.code == code)
        }
    }
}
