/// What of an update's frame its readers choose by.
package struct UpdateFacts: Hashable, Sendable {
    /// `churn_alert` or `new_event`.
    package var type = ""
    /// The score's band.
    package var band: RiskBand?
    /// The event's type.
    package var eventType = ""
    /// The customer's id.
    package var customer = ""
    /// The customer's segment; nil where the frame does not show it.
    package var segment: String?

    /// Reads a frame as ``UpdateFrameEncoder`` writes it; nil for any other text.
    ///
    /// - Parameter segmentField: the payload's field that shows the segment.
    package init?(frame: UnsafeRawBufferPointer, segmentField: String?) {
        let bytes = frame.assumingMemoryBound(to: UInt8.self)
        let opening = Array(#"{"type":""#.utf8)
        let middle = Array(#"","payload":"#.utf8)
        guard bytes.count > opening.count + middle.count, bytes.starts(with: opening), bytes.last == UInt8(ascii: "}"),
            let quote = bytes[opening.count...].firstIndex(of: UInt8(ascii: "\"")),
            bytes[quote...].starts(with: middle)
        else { return nil }
        self.type = String(decoding: UnsafeBufferPointer(rebasing: bytes[opening.count..<quote]), as: UTF8.self)
        // The payload is scanned by itself: as deeply nested as an event may be, and one level less than the frame.
        let payload = UnsafeBufferPointer(rebasing: bytes[(quote + middle.count)..<(bytes.count - 1)])
        var missing: Set<String> = ["user_id", "event_type", "churn_risk"]
        if let segmentField { missing.insert(segmentField) }
        var scanner = JSONScanner(payload)
        let reader = scanner
        do {
            try scanner.scanDocument { name, value in
                let name = reader.text(name)
                guard missing.remove(name) != nil else { return }
                if case .string = value.kind {
                    let text = reader.text(value)
                    switch name {
                    case "user_id": self.customer = text
                    case "event_type": self.eventType = text
                    case "churn_risk": self.band = RiskBand(rawValue: text)
                    default: self.segment = text
                    }
                }
                if missing.isEmpty { throw AllFound() }
            }
        } catch is AllFound {
        } catch {
            return nil
        }
    }

    /// Ends a scan that has found everything.
    private struct AllFound: Error {}
}
