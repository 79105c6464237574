import Foundation
import Testing

@testable import ChurnCore

@Suite("Update frames")
struct UpdateFrameEncoderTests {
    private let features: [FeatureValue] = Domain.telco.schema.features.map {
        switch $0.name {
        case "Contract": .text("One \"year\"")
        case "tenure": .number(12)
        case "MonthlyCharges": .number(29.85)
        default: .missing
        }
    }

    private func frame(_ json: String, previous: Int64?, isAlert: Bool = true) throws -> [String: Any] {
        let bytes = try self.bytes(json, previous: previous, isAlert: isAlert)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func bytes(_ json: String, previous: Int64?, isAlert: Bool = true) throws -> [UInt8] {
        guard
            case .event(let entry) = EventDecoder(domain: .telco).decode(
                makeRecord(Array(json.utf8), key: Array("u1".utf8), offset: 41))
        else { throw ChurnError(.internalError, .fatal, during: "decode in a test") }
        let prediction = Prediction(
            customerID: "u1", probability: Double(Float(0.83)), band: .high, model: ModelIdentity(version: "m\n1"),
            stateVersion: 3, alert: AlertDecision(isAlert: isAlert, becameAtRisk: true))
        var bytes: [UInt8] = []
        UpdateFrameEncoder(domain: .telco).append(
            to: &bytes, event: entry.event, eventID: 77, prediction: prediction, features: self.features,
            previous: previous)
        return bytes
    }

    @Test(
        "an event's own members come as they stand, and none that the frame sets itself, however its name is written",
        arguments: [
            (
                #" { "event_type" : "a" , "re\"gion" : [1, {"y":"}"} ,[]] ,"event_id":"p", "tenure":5,"no\u0074e":true }"#,
                #","re\"gion":[1, {"y":"}"} ,[]],"note":true"#
            ),
            (#"{"event_type":"a","x":"\\","t\u0065nure":5,"y":-1.5E+3,"x":{}}"#, #","x":"\\","y":-1.5E+3,"x":{}"#),
            ("{\"event_type\":\"a\",\"\u{7F}\":\"\u{7F}\",\"\":\n[\t]\n}", ",\"\u{7F}\":\"\u{7F}\",\"\":[\t]"),
            (#"{"event_type":"a"}"#, ""),
        ])
    func ownMembers(_ json: String, _ members: String) throws {
        let text = String(decoding: try self.bytes(json, previous: -40), as: UTF8.self)
        let id = json.contains("event_id") ? #","source_event_id":"p""# : ""
        #expect(
            text.hasPrefix(
                #"{"type":"churn_alert","payload":{"event_type":"a","user_id":"u1","timestamp":5e-06"# + members
                    + #","event_id":77"# + id
                    + #","churn_probability":0.8299999833106995,"churn_risk":"High","became_at_risk":true,"#),
            "\(text)")
        #expect(text.hasSuffix(#","model_version":"m\n1","partition":0,"number":41,"previous":-40}}"#), "\(text)")
    }

    @Test("a frame carries the event, the score and what a dashboard draws")
    func payload() throws {
        let frame = try self.frame(
            #"{"event_type":"a","details":"said \"no\"","timestamp":1700000000.25,"region":["x",{"y":1}],"event_id":"p-1","churn_probability":9}"#,
            previous: 40)
        #expect(frame["type"] as? String == "churn_alert")
        let payload = try #require(frame["payload"] as? [String: Any])
        #expect(payload["user_id"] as? String == "u1")
        #expect(payload["details"] as? String == "said \"no\"")
        #expect(payload["timestamp"] as? Double == 1_700_000_000.25)
        #expect((payload["region"] as? [Any])?.count == 2)
        #expect(payload["event_id"] as? Int == 77)
        #expect(payload["source_event_id"] as? String == "p-1")
        #expect(payload["churn_probability"] as? Double == Double(Float(0.83)))
        #expect(payload["churn_risk"] as? String == "High")
        #expect(payload["became_at_risk"] as? Bool == true)
        #expect(payload["contract_type"] as? String == "One \"year\"")
        #expect(payload["tenure"] as? Int == 12)
        #expect(payload["monthly_charges"] as? Double == 29.85)
        #expect(payload["total_charges"] is NSNull)
        #expect(payload["model_version"] as? String == "m\n1")
        #expect(payload["partition"] as? Int == 0)
        #expect(payload["number"] as? Int == 41)
        #expect(payload["previous"] as? Int == 40)
    }

    @Test("below the threshold the frame is a new_event, and a partition's first has no previous number")
    func newEvent() throws {
        let frame = try self.frame(#"{"event_type":"a"}"#, previous: nil, isAlert: false)
        #expect(frame["type"] as? String == "new_event")
        #expect((frame["payload"] as? [String: Any])?["previous"] is NSNull)
    }

    @Test("a huge event goes out cut short and says so")
    func truncated() throws {
        let long = String(repeating: "x", count: 50_000)
        let frame = try self.frame(#"{"event_type":"a","details":"\#(long)","extra":1}"#, previous: nil)
        let payload = try #require(frame["payload"] as? [String: Any])
        #expect((payload["details"] as? String)?.count == 1_024)
        #expect(payload["truncated"] as? Bool == true)
        #expect(payload["extra"] == nil)
    }
}
