import ChurnCore
import Foundation

/// A customer that became at risk, as its update's frame reports it.
struct RiskNotice: Equatable {
    var eventID: Int64
    var customerID: String
    var eventType: String
    var eventTime: Timestamp?
    var details: String?
    var probability: Double
    var band: String
    /// The reasons for the score as sentences, the strongest first.
    var reasons: [String] = []

    /// Reads a frame; nil where it reports something else.
    ///
    /// - Throws: where it is not the JSON of a frame.
    static func read(_ frame: ArraySlice<UInt8>) throws -> RiskNotice? {
        let payload = try JSONDecoder().decode(Frame.self, from: Data(frame)).payload
        guard payload.became_at_risk == true else { return nil }
        return RiskNotice(
            eventID: payload.event_id, customerID: payload.user_id, eventType: payload.event_type,
            eventTime: Timestamp(seconds: payload.timestamp), details: payload.details,
            probability: payload.churn_probability, band: payload.churn_risk,
            reasons: (payload.reasons ?? []).map(\.text))
    }

    // The frame's own names.
    private struct Frame: Decodable {
        struct Reason: Decodable {
            var text: String
        }
        struct Payload: Decodable {
            var event_id: Int64  // swift-format-ignore: AlwaysUseLowerCamelCase
            var user_id: String  // swift-format-ignore: AlwaysUseLowerCamelCase
            var event_type: String  // swift-format-ignore: AlwaysUseLowerCamelCase
            var timestamp: Double
            var details: String?
            var churn_probability: Double  // swift-format-ignore: AlwaysUseLowerCamelCase
            var churn_risk: String  // swift-format-ignore: AlwaysUseLowerCamelCase
            var became_at_risk: Bool?  // swift-format-ignore: AlwaysUseLowerCamelCase
            var reasons: [Reason]?
        }
        var payload: Payload
    }
}
