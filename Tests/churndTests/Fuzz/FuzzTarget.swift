import ChurnCore
import ChurnFiles
import Foundation
import NIOCore

@testable import ChurnModel

// The fuzzer's program has the files that it needs of the server among its own.
#if canImport(ChurnServe)
    @testable import ChurnServe
#endif

/// Everything that reads bytes which an attacker, or a careless colleague, may have made.
///
/// One source for two programs: libFuzzer's in Fuzz/, and the tests, which give a few mutations of the corpus.
enum FuzzTarget: String, CaseIterable {
    case domain, csv, infer, manifest, event, command
    case boosterJSON = "booster-json"
    case boosterUBJ = "booster-ubj"

    /// Something that must hold whatever the bytes are, and does not.
    struct Finding: Error, CustomStringConvertible {
        var description: String
    }

    private static let decoder = EventDecoder(domain: .telco)

    /// Reads the bytes; that they are refused is as good an end as any.
    ///
    /// - Throws: a ``Finding``.
    func run(_ bytes: [UInt8]) throws {
        switch self {
        case .domain: _ = try? Domain(yaml: String(decoding: bytes, as: UTF8.self))
        case .csv: try self.readCSV(bytes)
        case .infer: try self.infer(bytes)
        case .manifest: try? self.readManifest(bytes)
        case .boosterJSON:
            guard let readable = try? BaseScore.repaired(json: bytes) else { return }
            try? BoosterStructure(json: readable).check(columns: 2)
        case .boosterUBJ:
            guard (try? BaseScore.check(ubj: bytes)) != nil else { return }
            try? BoosterStructure(ubj: bytes).check(columns: 2)
        case .event: try self.decode(bytes)
        case .command: _ = try? ClientCommand.parse(ByteBuffer(bytes: bytes))
        }
    }

    private func demand(_ claim: Bool, _ what: String) throws {
        if !claim { throw Finding(description: what) }
    }

    /// The first byte chooses the policy; the rest is the file.
    private func readCSV(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        let policy = CustomerFilePolicy(
            duplicates: CustomerFilePolicy.Duplicates.allCases[Int(first) % 3],
            incomplete: CustomerFilePolicy.Incomplete.allCases[Int(first) / 3 % 3])
        guard
            var file = try? CustomerFile(
                bytes: Array(bytes.dropFirst()), name: "fuzz.csv", domain: Self.shop,
                label: first > 127 ? .required : .optional, policy: policy)
        else { return }
        var ids: Set<String> = []
        while let row = try? file.next() {
            try self.demand(row.customer.features.count == Self.shop.schema.count, "a row has every feature")
            try self.demand(!row.customer.id.isEmpty, "a customer has an id")
            try self.demand(ids.insert(row.customer.id).inserted, "a customer comes once")
            try self.demand(first <= 127 || row.hasChurned != nil, "a needed label is there")
        }
    }

    private static let shop = Domain(
        name: "shop", idName: "id", label: LabelColumn(name: "left", positive: "1", negative: "0"),
        schema: FeatureSchema(features: [
            Feature(name: "n", column: "n", type: .numeric, encoding: .numeric),
            Feature(name: "c", column: "c", type: .categorical, encoding: .oneHot, categories: ["a", "NA"]),
            Feature(name: "b", column: "b", type: .boolean, encoding: .numeric),
        ]), segmentFeature: 1, valueFeature: 0, rules: [], actions: [], bands: RiskBands(), numbersRows: true)

    /// Infers a domain file: the result is read before it is given out, and anything else is an error of the file.
    private func infer(_ bytes: [UInt8]) throws {
        let options = DomainInferenceOptions(
            name: "fuzz", id: bytes.first == UInt8(ascii: "i") ? "id" : nil, label: "left")
        do {
            _ = try InferredDomain.infer(bytes: bytes, file: "fuzz.csv", options: options)
        } catch let error as ChurnError {
            try self.demand(
                [.invalidFile, .labelUnclear, .encodingUnclear].contains(error.code), "inferring ended with \(error)")
        } catch {
            throw Finding(description: "what was inferred is no domain file: \(error)")
        }
    }

    /// Reads a manifest as a loader does before it has a booster.
    private func readManifest(_ bytes: [UInt8]) throws {
        let manifest = try JSONDecoder().decode(ModelManifest.self, from: Data(bytes))
        let encoder = try FeatureEncoder(spec: manifest.encoder)
        _ = manifest.encoder.firstDifference(from: Domain.telco.schema)
        _ = manifest.encoder.digest
        for row in manifest.golden {
            var columns: [Float] = []
            try? encoder.encode(row.features, into: &columns)
        }
    }

    private func decode(_ bytes: [UInt8]) throws {
        let partition = StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "fuzz", topic: "events"), epoch: 0), partition: 0)
        let record = Record(
            position: StreamPosition(partition: partition, offset: 0), key: nil, value: bytes,
            time: Timestamp(microseconds: 0))
        guard case .event(let entry) = Self.decoder.decode(record) else { return }
        try self.demand(!entry.event.customerID.isEmpty, "an event has a customer")
        try self.demand((try? JSONSerialization.jsonObject(with: Data(bytes))) != nil, "an event is JSON")
    }
}
