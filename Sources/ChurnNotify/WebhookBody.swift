import ChurnCore
import ChurnInsight

extension Webhook {
    /// The delivery of a notice; made once, so that each attempt sends the same bytes.
    func delivery(of notice: RiskNotice) -> NewDelivery {
        let key = RequestIdentity.next() + RequestIdentity.next()
        let body =
            switch self.kind {
            case .generic: Self.generic(notice, key: key)
            case .slack: Self.slack(notice)
            }
        return NewDelivery(eventID: notice.eventID, key: key, body: body)
    }

    private static func generic(_ notice: RiskNotice, key: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("type", "customer_at_risk")
            json.field("delivery_key", key)
            json.field("alert_id", notice.eventID)
            json.field("customer_id", notice.customerID)
            json.field("churn_probability", notice.probability)
            json.field("churn_risk", notice.band)
            json.field("reasons", array: notice.reasons) { $0.value($1) }
            json.field("event_type", notice.eventType)
            json.field("event_timestamp", notice.eventTime)
            json.field("details", notice.details)
        }
        return json.bytes
    }

    private static func slack(_ notice: RiskNotice) -> [UInt8] {
        let percent = (notice.probability * 1_000).rounded() / 10
        var text = "Customer \(SlackText.plain(notice.customerID, limit: 100)) is at risk of leaving: "
        text += "churn probability \(percent)% (\(SlackText.plain(notice.band, limit: 20))) "
        // The event is the occasion; the reason is what the score is made of.
        if let reason = notice.reasons.first { text += "– \(SlackText.plain(reason, limit: 200)) – " }
        text += "after \(SlackText.plain(notice.eventType.replacing("_", with: " "), limit: 100))"
        if let details = notice.details { text += ": \(SlackText.plain(details, limit: 300))" }
        text += " (alert \(notice.eventID))"
        var json = JSONWriter()
        json.object { json in
            json.field("text", text)
            // Asterisks and underscores of a name stay what they are.
            json.field("mrkdwn", false)
        }
        return json.bytes
    }
}

/// Text from elsewhere in a Slack message.
enum SlackText {
    /// The text without Slack's own marks: nothing in it becomes a link, a mention or a new line.
    static func plain(_ text: String, limit length: Int) -> String {
        var plain = ""
        for scalar in text.unicodeScalars.prefix(length) {
            switch scalar {
            case "&": plain += "&amp;"
            case "<": plain += "&lt;"
            case ">": plain += "&gt;"
            default:
                let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
                let isBreak = scalar == "\u{2028}" || scalar == "\u{2029}"
                plain.unicodeScalars.append(isControl || isBreak ? " " : scalar)
            }
        }
        return text.unicodeScalars.count > length ? plain + "…" : plain
    }
}
