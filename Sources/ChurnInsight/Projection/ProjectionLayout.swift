package import ChurnCore

/// The layout in which a projection sees the customers of a domain and a store records them.
///
/// Customers are written after a version, a fingerprint of what is kept of them, and their number. A reader that keeps
/// something else, after the domain's file was changed, sees that from the fingerprint.
package struct ProjectionLayout: Sendable {
    private static let version: UInt8 = 2

    private let domain: Domain
    private let shown: ShownFeatures
    private let fingerprint: UInt64

    package init(_ domain: Domain) {
        self.domain = domain
        self.shown = ShownFeatures(domain)
        let features =
            [domain.segmentFeature, domain.valueFeature ?? -1, domain.tenureFeature ?? -1]
            + self.shown.kept.map(\.feature)
        var hash: UInt64 = 14_695_981_039_346_656_037
        for feature in features {
            let column = feature < 0 ? "" : domain.schema.features[feature].column
            for byte in column.utf8 + [0] { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        }
        self.fingerprint = hash
    }

    /// Returns the projected form of a customer.
    package func projected(_ state: CustomerState) -> ProjectedCustomer {
        ProjectedCustomer(state, in: self.domain, showing: self.shown)
    }

    /// Writes customers down.
    package func encode(_ states: [CustomerState]) -> [UInt8] {
        var out = CompactBytes()
        out.append(byte: Self.version)
        out.append(fixed: self.fingerprint)
        out.append(UInt64(states.count))
        var texts = FewTexts()
        for state in states { out.append(self.projected(state), &texts) }
        return out.bytes
    }

    /// Reads customers; nil where something else is kept of them than here.
    package func decode(_ bytes: UnsafeRawBufferPointer) -> [ProjectedCustomer]? {
        var reader = CompactReader(bytes)
        guard reader.readByte() == Self.version, reader.readFixed() == self.fingerprint,
            let count = reader.readInteger(upTo: UInt64(reader.count))
        else { return nil }
        var texts = FewTexts()
        var customers: [ProjectedCustomer] = []
        customers.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let customer = reader.readCustomer(keeping: self.shown.kept.count, &texts) else { return nil }
            customers.append(customer)
        }
        return customers
    }
}

extension CompactBytes {
    fileprivate static let hasScore: UInt8 = 1
    fileprivate static let hasValue: UInt8 = 2
    fileprivate static let hasTenure: UInt8 = 4
    fileprivate static let hasLeft: UInt8 = 8
    fileprivate static let hasEvent: UInt8 = 64

    fileprivate mutating func append(_ customer: ProjectedCustomer, _ texts: inout FewTexts) {
        self.append(customer.id)
        self.append(UInt64(bitPattern: customer.version))
        self.append(
            byte: (customer.latest.map { Self.hasScore | $0.band.code << 4 } ?? 0)
                | (customer.value == nil ? 0 : Self.hasValue) | (customer.tenure == nil ? 0 : Self.hasTenure)
                | (customer.leftAt == nil ? 0 : Self.hasLeft) | (customer.lastEvent == nil ? 0 : Self.hasEvent))
        texts.append(customer.segment, to: &self)
        if let latest = customer.latest {
            self.append(latest.probability)
            self.append(fixed: UInt64(bitPattern: latest.time.microseconds))
        }
        if let last = customer.lastEvent { self.append(fixed: UInt64(bitPattern: last.microseconds)) }
        if let value = customer.value { self.append(value) }
        if let tenure = customer.tenure { self.append(tenure) }
        if let leftAt = customer.leftAt { self.append(fixed: UInt64(bitPattern: leftAt.microseconds)) }
        for value in customer.kept { self.append(value, &texts) }
    }

    private mutating func append(_ value: FeatureValue, _ texts: inout FewTexts) {
        switch value {
        case .missing: self.append(byte: 0)
        case .boolean(let flag): self.append(byte: flag ? 2 : 1)
        case .number(let number):
            self.append(byte: 3)
            self.append(number)
        case .text(let text):
            self.append(byte: 4)
            texts.append(text, to: &self)
        }
    }
}

extension CompactReader {
    fileprivate mutating func readCustomer(keeping count: Int, _ texts: inout FewTexts) -> ProjectedCustomer? {
        guard let id = self.readText(), let version = self.readInteger(), let flags = self.readByte(),
            let segment = texts.read(&self)
        else { return nil }
        var customer = ProjectedCustomer(
            id: id, segment: segment, value: nil, latest: nil, version: Int64(bitPattern: version))
        if flags & CompactBytes.hasScore != 0 {
            guard let probability = self.readDouble(), let time = self.readFixed() else { return nil }
            customer.latest = LatestScore(
                probability: probability, band: RiskBand(code: flags >> 4 & 3),
                time: Timestamp(microseconds: Int64(bitPattern: time)))
        }
        if flags & CompactBytes.hasEvent != 0 {
            guard let time = self.readFixed() else { return nil }
            customer.lastEvent = Timestamp(microseconds: Int64(bitPattern: time))
        }
        if flags & CompactBytes.hasValue != 0 {
            guard let value = self.readDouble() else { return nil }
            customer.value = value
        }
        if flags & CompactBytes.hasTenure != 0 {
            guard let tenure = self.readDouble() else { return nil }
            customer.tenure = tenure
        }
        if flags & CompactBytes.hasLeft != 0 {
            guard let time = self.readFixed() else { return nil }
            customer.leftAt = Timestamp(microseconds: Int64(bitPattern: time))
        }
        customer.kept.reserveCapacity(count)
        for _ in 0..<count {
            guard let value = self.readFeature(&texts) else { return nil }
            customer.kept.append(value)
        }
        return customer
    }

    private mutating func readFeature(_ texts: inout FewTexts) -> FeatureValue? {
        switch self.readByte() {
        case 0: .missing
        case 1: .boolean(false)
        case 2: .boolean(true)
        case 3: self.readDouble().map { .number($0) }
        case 4: texts.read(&self)?.map { .text($0) }
        default: nil
        }
    }
}
