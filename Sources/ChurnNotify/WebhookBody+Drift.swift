import ChurnCore
import ChurnInsight

extension Webhook {
    /// The delivery of a notice of drift; made once, so that each attempt sends the same bytes.
    func delivery(of notice: DriftNotice) -> NewDelivery {
        let key = RequestIdentity.next() + RequestIdentity.next()
        let body =
            switch self.kind {
            case .generic: Self.generic(notice, key: key)
            case .slack: Self.slack(notice)
            }
        return NewDelivery(eventID: notice.deliveryNumber, key: key, body: body)
    }

    private static func generic(_ notice: DriftNotice, key: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("type", notice.isOver ? "model_drift_over" : "model_drift")
            json.field("delivery_key", key)
            json.field("drift_id", notice.episode.id)
            json.field("model_version", notice.episode.version)
            json.field("columns", array: notice.episode.columns) { $0.value($1) }
            json.field("window", notice.episode.window.rawValue)
            json.field("began_at", notice.episode.began)
            json.field("ended_at", notice.isOver ? notice.episode.ended : nil)
        }
        return json.bytes
    }

    private static func slack(_ notice: DriftNotice) -> [UInt8] {
        let episode = notice.episode
        let columns = SlackText.plain(episode.columns.joined(separator: ", "), limit: 300)
        let model = SlackText.plain(episode.version, limit: 100)
        let text =
            notice.isOver
            ? "Drift is over: model \(model), columns \(columns), since \(episode.began.iso8601)"
            : "Customers are no longer like those that model \(model) learned from: \(columns)"
                + " (drift \(episode.id), shown by the last \(episode.window.rawValue))"
        var json = JSONWriter()
        json.object { json in
            json.field("text", text)
            json.field("mrkdwn", false)
        }
        return json.bytes
    }
}
