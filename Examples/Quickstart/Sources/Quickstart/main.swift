import ChurnCore
import ChurnMemory

struct RuleOfThumb: Predictor {  // ChurnModel's XGBoostPredictor takes this place in production
    let model = ModelIdentity(version: "rule-of-thumb")
    func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        rows.map { $0[Domain.telco.segmentFeature] == .text("Month-to-month") ? 0.85 : 0.25 }
    }
}

let (store, log) = (InMemoryStore(domain: .telco), InMemoryEventLog())
let customer = try CustomerPopulation(domain: .telco, seed: 1).customer(at: 0).customer
_ = try await store.importCustomers([customer])
log.append(value: Array(#"{"event_type": "contract_downgrade", "user_id": "\#(customer.id)"}"#.utf8))
log.finish()

try await Pipeline(
    source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco)), store: store,
    models: ModelSlot(RuleOfThumb()),
    broadcaster: InMemoryBroadcaster { print(String(decoding: $0[0].bytes, as: UTF8.self)) }, domain: .telco
).run()
