/// The header by which readers choose an update, so that they need not look into its frame.
public struct UpdateHeader: Hashable, Sendable {
    /// Whether the update is a `churn_alert`; a `new_event` otherwise.
    public var isAlert: Bool
    /// Whether the customer became at risk with it.
    public var becameAtRisk: Bool
    /// The score's band.
    public var band: RiskBand
    /// The event's type.
    public var eventType: String
    /// The customer's id.
    public var customer: String
    /// The customer's segment after the event; nil where it has none.
    public var segment: String?

    /// Creates the header of an update.
    public init(
        isAlert: Bool, becameAtRisk: Bool, band: RiskBand, eventType: String, customer: String, segment: String?
    ) {
        self.isAlert = isAlert
        self.becameAtRisk = becameAtRisk
        self.band = band
        self.eventType = eventType
        self.customer = customer
        self.segment = segment
    }

    /// The frame's type, as the contract names it.
    public var type: String { self.isAlert ? "churn_alert" : "new_event" }
}

/// The headers of a block's updates, one after the other.
public struct HeaderColumn: Hashable, Sendable {
    let bytes: [UInt8]

    /// The headers of `count` updates; nil where the bytes are something else.
    public func read(_ count: Int) -> [UpdateHeader]? {
        self.bytes.withUnsafeBytes { bytes in
            var reader = CompactReader(bytes)
            var texts = FewTexts()
            var all: [UpdateHeader] = []
            all.reserveCapacity(count)
            for _ in 0..<count {
                guard let flags = reader.readByte(), flags < 16, let customer = reader.readText(),
                    case .some(.some(let eventType)) = texts.read(&reader), let segment = texts.read(&reader)
                else { return nil }
                all.append(
                    UpdateHeader(
                        isAlert: flags & 1 != 0, becameAtRisk: flags & 2 != 0, band: RiskBand(code: flags >> 2),
                        eventType: eventType, customer: customer, segment: segment))
            }
            return reader.count == 0 ? all : nil
        }
    }

    /// The number of bytes that they take.
    package var byteCount: Int { self.bytes.count }
}

/// Writes a ``HeaderColumn``.
package struct HeaderWriter {
    private var out = CompactBytes()
    private var texts = FewTexts()

    package init() {}

    package mutating func append(_ header: UpdateHeader) {
        self.out.append(byte: (header.isAlert ? 1 : 0) | (header.becameAtRisk ? 2 : 0) | header.band.code << 2)
        self.out.append(header.customer)
        self.texts.append(header.eventType, to: &self.out)
        self.texts.append(header.segment, to: &self.out)
    }

    package var column: HeaderColumn { HeaderColumn(bytes: self.out.bytes) }
}

extension RiskBand {
    /// A number below four.
    package var code: UInt8 {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        }
    }

    /// The band of a number, of which the lowest two bits count.
    package init(code: UInt8) {
        switch code & 3 {
        case 0: self = .low
        case 1: self = .medium
        case 2: self = .high
        default: self = .critical
        }
    }
}
