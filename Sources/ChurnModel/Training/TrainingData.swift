public import ChurnCore
public import ChurnFiles
import Crypto
import Foundation

/// Labelled customers, encoded and in memory.
public struct TrainingData: Sendable {
    private static let chunkSize = 4_096

    /// The encoder of the customers.
    public let encoder: FeatureEncoder
    /// Whether each customer left.
    public let labels: [Bool]
    /// SHA-256 of the file, or of the encoded rows and labels where there was no file.
    public let digest: String
    /// The content of the data in each feature, in the schema's order.
    public let features: [FeatureRecord]
    /// Sentences for a person: features that may be known too late, and categories that are too many or not listed.
    public let remarks: [String]
    let domainName: String
    let values: [Float]
    let ranges: [Int: ClosedRange<Double>]

    /// The number of customers.
    public var count: Int { self.labels.count }

    /// Encodes customers, each of whom must have a label.
    public init(customers: [LabelledCustomer], domain: Domain) throws {
        try self.init(domain: domain, digest: nil) {
            var rest = customers[...]
            return {
                defer { rest = rest.dropFirst(Self.chunkSize) }
                return Array(rest.prefix(Self.chunkSize))
            }
        }
    }

    /// Reads a CSV file with a label column, chunk by chunk.
    ///
    /// - `policy`: what becomes of rows that repeat a customer or are not complete.
    /// - `report`: is called at the end with notes about the rows for a person.
    public static func read(
        path: String, domain: Domain, policy: CustomerFilePolicy = CustomerFilePolicy(),
        report: (CustomerFileNotes) -> Void = { _ in }
    ) throws -> TrainingData {
        try Self.read(CSVInput(path: path), domain: domain, policy: policy, report: report)
    }

    /// Reads an input, as ``read(path:domain:policy:report:)`` a file.
    package static func read(
        _ input: CSVInput, domain: Domain, policy: CustomerFilePolicy = CustomerFilePolicy(),
        report: (CustomerFileNotes) -> Void = { _ in }
    ) throws -> TrainingData {
        let notes = Locked(CustomerFileNotes())
        let data = try TrainingData(domain: domain, digest: Self.digest(ofFile: input.path)) {
            var file = try CustomerFile(input, domain: domain, label: .required, policy: policy)
            return {
                let chunk = try file.nextChunk(of: Self.chunkSize)
                notes.withLock { $0 = file.notes }
                return chunk
            }
        }
        report(notes.withLock { $0 })
        return data
    }

    /// `open` starts from the beginning; what it gives returns chunk after chunk and then an empty one.
    private init(
        domain: Domain, digest: String?, open: () throws -> () throws -> [LabelledCustomer]
    ) throws {
        var profile = FeatureProfile(schema: domain.schema)
        if profile.mustLearn {
            try Self.forEach(try open()) { profile.take($0.customer.features) }
        }
        let encoder = try FeatureEncoder(spec: EncoderSpec(schema: domain.schema, learned: profile.learned))
        let learns = !profile.mustLearn
        var values: [Float] = []
        var labels: [Bool] = []
        try Self.forEach(try open()) { row in
            guard let label = row.hasChurned else {
                throw ChurnError(
                    .invalidFile, .fatal, during: "read training data",
                    advice: "a customer has no label; training needs '\(domain.label.name)' for each")
            }
            if learns { profile.take(row.customer.features) }
            try encoder.encode(row.customer.features, into: &values)
            labels.append(label)
        }
        self.encoder = encoder
        self.labels = labels
        self.values = values
        self.ranges = profile.ranges
        let unlisted = profile.unlisted
        self.features = encoder.spec.features.enumerated().map { index, feature in
            FeatureRecord(
                name: feature.name, type: feature.type, missing: profile.missing[index],
                unlisted: unlisted[index], categories: feature.categories.count,
                minimum: profile.ranges[index]?.lowerBound, maximum: profile.ranges[index]?.upperBound)
        }
        self.domainName = domain.name
        self.digest = digest ?? Self.digest(values, labels)
        self.remarks =
            profile.remarks
            + FeatureLeaks.remarks(encoder.spec, values: values, labels: labels, labelName: domain.label.name)
    }

    private static func forEach(
        _ next: () throws -> [LabelledCustomer], _ body: (LabelledCustomer) throws -> Void
    ) throws {
        while true {
            let chunk = try next()
            if chunk.isEmpty { return }
            for row in chunk { try body(row) }
        }
    }

    private static func digest(_ values: [Float], _ labels: [Bool]) -> String {
        var hash = SHA256()
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { hash.update(bufferPointer: $0) } }
        hash.update(data: labels.map { $0 ? 1 : 0 } as [UInt8])
        return hash.finalize().hex
    }

    private static func digest(ofFile path: String) throws -> String {
        var hash = SHA256()
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ChurnError.outOfDescriptors(during: "read training data")
                ?? ChurnError(
                    .invalidFile, .fatal, during: "read training data", advice: "\(path) cannot be opened for reading")
        }
        do {
            while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(data: chunk) }
        } catch {
            throw ChurnError(
                .invalidFile, .fatal, during: "read training data", advice: "\(path) cannot be read",
                underlying: error)
        }
        return hash.finalize().hex
    }

    /// The rows at these places, one after the other.
    func rows(_ places: [Int]) -> [Float] {
        let width = self.encoder.columnCount
        var rows: [Float] = []
        rows.reserveCapacity(places.count * width)
        for place in places { rows += self.values[place * width..<(place + 1) * width] }
        return rows
    }

    /// The rows at these places with their labels, for libxgboost.
    func matrix(_ places: [Int]) throws -> TrainingMatrix {
        try TrainingMatrix(
            rows: self.rows(places), columns: self.encoder.columnCount,
            labels: places.map { self.labels[$0] ? 1 : 0 })
    }
}
