import ChurnCore

/// The frames of the feed that are not updates, as JSON.
enum FeedMessage {
    /// The text to resume from.
    static func cursor(_ cursor: UpdateCursor) -> [UInt8] {
        self.message("cursor") { $0.field("cursor", cursor.text) }
    }

    /// The numbers from `from` up to, not including, `to` are no longer kept.
    static func gap(_ partition: StreamPartition, from: Int64, to: Int64) -> [UInt8] {
        self.message("gap") { json in
            json.field("cluster", partition.stream.name.cluster)
            json.field("topic", partition.stream.name.topic)
            json.field("epoch", Int(partition.stream.epoch))
            json.field("partition", Int(partition.partition))
            json.field("from", from)
            json.field("to", to)
        }
    }

    /// This many updates were left out because newer ones of their customers follow.
    static func skipped(_ count: Int) -> [UInt8] { self.message("skipped") { $0.field("count", count) } }

    /// The filter that holds from now on.
    static func filter(_ filter: UpdateFilter) -> [UInt8] {
        self.message("filter") { json in
            for field in UpdateFilter.Field.allCases where !filter.values(of: field).isEmpty {
                json.field(field.rawValue, array: filter.values(of: field)) { $0.value($1) }
            }
        }
    }

    /// Returns the message that says whether waiting updates of one customer are merged from now on.
    static func conflate(_ conflates: Bool) -> [UInt8] {
        self.message("conflate") { $0.field("by", conflates ? "customer" : "none") }
    }

    /// Returns the message with the number of subscribers of this node that have the asker's filter, itself included.
    static func presence(_ count: Int) -> [UInt8] { self.message("presence") { $0.field("count", count) } }

    /// The token is good.
    static func authenticated(as name: String) -> [UInt8] { self.message("authenticated") { $0.field("name", name) } }

    static let pong: [UInt8] = Array(#"{"type":"pong"}"#.utf8)

    static func error(code: StaticString, detail: StaticString) -> [UInt8] {
        self.message("error") { json in
            json.field("code", code.description)
            json.field("detail", detail.description)
        }
    }

    static func message(_ type: String, payload: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("type", type)
            json.field("payload", object: payload)
        }
        return json.bytes
    }
}
