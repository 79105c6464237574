import ChurnCore

/// Scores by a rule of thumb; ChurnModel's `XGBoostPredictor` takes this place in earnest.
struct RuleOfThumb: Predictor {
    let model = ModelIdentity(version: "rule-of-thumb")

    func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        rows.map { $0[Domain.telco.segmentFeature] == .text("Month-to-month") ? 0.85 : 0.25 }
    }
}

@main
struct Quickstart {
    static func main() async throws {
        let domain = Domain.telco
        let log = InMemoryEventLog()
        let store = InMemoryStore(domain: domain)
        let broadcaster = InMemoryBroadcaster { blocks in
            for block in blocks {
                for index in 0..<block.count { print(String(decoding: block.frame(at: index), as: UTF8.self)) }
            }
        }

        let customer = try CustomerPopulation(domain: domain, seed: 1).customer(at: 0).customer
        _ = try await store.importCustomers([customer])
        log.append(value: Array(#"{"event_type": "contract_downgrade", "user_id": "\#(customer.id)"}"#.utf8))
        log.append(value: Array(#"{"event_type": "contract_upgrade", "user_id": "\#(customer.id)"}"#.utf8))
        log.finish()

        let source = InMemoryEventSource(log: log, decoder: EventDecoder(domain: domain))
        try await Pipeline(
            source: source, store: store, predictor: RuleOfThumb(), broadcaster: broadcaster, domain: domain
        ).run()
    }
}
