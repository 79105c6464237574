import ChurnCore

/// Text form: base64url of a byte for the order and its direction, a byte that says whether a rank follows, the rank in
/// eight bytes, and the id.
extension WatchlistCursor {
    /// The cursor as a text that is safe in a URL, for queries of the same order and direction.
    package func text(for query: WatchlistQuery) -> String {
        var bytes = [Self.mark(of: query), self.rank == nil ? 0 : 1]
        if let rank = self.rank { withUnsafeBytes(of: rank.bigEndian) { bytes.append(contentsOf: $0) } }
        return Base64URL.encode(bytes + Array(self.id.utf8))
    }

    /// Reads a cursor's text; nil for anything that ``text(for:)`` does not produce for such a query.
    package init?(text: String, for query: WatchlistQuery) {
        guard let bytes = Base64URL.decode(text.utf8), bytes.count > 2, bytes[0] == Self.mark(of: query), bytes[1] < 2
        else { return nil }
        let rankEnd = bytes[1] == 0 ? 2 : 10
        guard bytes.count > rankEnd, query.order != .id || bytes[1] == 0,
            let id = String(validating: bytes[rankEnd...], as: UTF8.self), !id.utf8.contains(0)
        else { return nil }
        let rank = bytes[2..<rankEnd].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(rank: bytes[1] == 0 ? nil : Int64(bitPattern: rank), id: id)
        // One cursor has one text: what was not written by `text` is refused.
        guard self.text(for: query) == text else { return nil }
    }

    private static func mark(of query: WatchlistQuery) -> UInt8 {
        let order: UInt8 =
            switch query.order {
            case .risk: 0
            case .id: 1
            case .value: 2
            case .activity: 3
            }
        return order * 2 + (query.isDescending ? 1 : 0)
    }
}
