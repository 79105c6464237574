import ChurnCore
import ChurnMemory
import ServeTestSupport

/// Makes and reads the small frames of these tests.
enum FeedText {
    /// An item that a subscriber received: an update, a cursor or a gap.
    enum Item: Equatable {
        case update(partition: Int32, number: Int64)
        case cursor(UpdateCursor)
        case gap(partition: Int32, from: Int64, to: Int64)
        case other(String)
    }

    static func frame(partition: Int32, number: Int64, padding: Int = 0) -> String {
        #"{"type":"new_event","payload":{"partition":\#(partition),"number":\#(number),"x":""#
            + String(repeating: "x", count: padding) + #""}}"#
    }

    /// A frame as the pipeline writes it, with its headers.
    static func fullFrame(
        partition: Int32, number: Int64, customer: String, band: RiskBand, segment: String
    ) -> (text: String, headers: UpdateHeader) {
        let headers = UpdateHeader(
            isAlert: band >= .high, becameAtRisk: false, band: band,
            eventType: number % 2 == 0 ? "contract_upgrade" : "monthly_anniversary", customer: customer,
            segment: segment)
        let text = """
            {"type":"\(headers.type)","payload":{"event_type":"\(headers.eventType)","user_id":"\(customer)",\
            "churn_probability":0.5,"churn_risk":"\(band.rawValue)","became_at_risk":false,\
            "contract_type":"\(segment)","partition":\(partition),"number":\(number),"previous":null}}
            """
        return (text, headers)
    }

    static func item(_ text: String) -> Item {
        if text.hasPrefix(#"{"type":"cursor""#) {
            return self.string("cursor", in: text).flatMap { UpdateCursor(text: $0) }.map { .cursor($0) }
                ?? .other(text)
        }
        guard let partition = self.integer("partition", in: text) else { return .other(text) }
        if text.hasPrefix(#"{"type":"gap""#), let from = self.integer("from", in: text),
            let to = self.integer("to", in: text)
        {
            return .gap(partition: Int32(partition), from: from, to: to)
        }
        guard let number = self.integer("number", in: text) else { return .other(text) }
        return .update(partition: Int32(partition), number: number)
    }

    static func cursors(in texts: [String]) -> [String] {
        texts.filter { $0.hasPrefix(#"{"type":"cursor""#) }.compactMap { self.string("cursor", in: $0) }
    }

    static func numbers(in texts: [String], partition: Int32 = 0) -> [Int64] {
        texts.compactMap { text in
            if case .update(partition, let number) = self.item(text) { number } else { nil }
        }
    }

    static func block(
        _ partition: StreamPartition, previous: Int64?, numbers: [Int64], padding: Int = 0,
        text: ((Int64) -> (text: String, headers: UpdateHeader))? = nil
    ) -> UpdateBlock {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var headers = HeaderWriter()
        for number in numbers {
            let full = text?(number)
            let frame = full?.text ?? self.frame(partition: partition.partition, number: number, padding: padding)
            if let full { headers.append(full.headers) }
            bytes += Array(frame.utf8)
            ends.append(bytes.count)
        }
        return UpdateBlock(
            partition: partition, previous: previous, numbers: numbers, bytes: bytes, ends: ends,
            headers: text == nil ? nil : headers.column)
    }

    private static func integer(_ name: String, in text: String) -> Int64? {
        guard let range = text.firstRange(of: "\"\(name)\":") else { return nil }
        return Int64(text[range.upperBound...].prefix { "-0123456789".contains($0) })
    }

    private static func string(_ name: String, in text: String) -> String? {
        guard let range = text.firstRange(of: "\"\(name)\":\"") else { return nil }
        return String(text[range.upperBound...].prefix { $0 != "\"" })
    }
}

/// A topic whose updates are written to a store, as the pipeline would.
struct TestFeed {
    let store: InMemoryStore
    let stream: StreamIdentity
    private var next: [Int32: Int64] = [:]
    private var last: [Int32: Int64] = [:]

    init(store: InMemoryStore, topic: String = "events", epoch: Int32 = 0) {
        self.store = store
        self.stream = StreamIdentity(name: StreamName(cluster: "test", topic: topic), epoch: epoch)
    }

    /// Writes the next `count` updates of a partition and returns their block, which no one has published.
    mutating func write(
        _ count: Int, partition: Int32 = 0, step: Int64 = 1, padding: Int = 0,
        text: ((Int64) -> (text: String, headers: UpdateHeader))? = nil
    ) async throws -> UpdateBlock {
        let key = StreamPartition(stream: self.stream, partition: partition)
        let from = self.next[partition] ?? 0
        let numbers = (0..<Int64(count)).map { from + $0 * step }
        let block = FeedText.block(key, previous: self.last[partition], numbers: numbers, padding: padding, text: text)
        let to = from + Int64(count) * step
        let outcome = try await self.store.write(
            ScoredBatch(ranges: [OffsetRange(partition: key, from: from, to: to)], events: [], updates: [block]))
        guard case .written = outcome else { throw GaveUp() }
        self.next[partition] = to
        self.last[partition] = numbers.last
        return block
    }
}
