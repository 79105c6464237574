import ArgumentParser
import AsyncHTTPClient
import ChurnCore
import ChurnFiles
import ChurnMemory
import ChurnModel
import ChurnServe
import ChurnStore
import ChurnTesting
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import churnd

@Suite(
    "Another business", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: OwnDatabase.url != nil, OwnDatabase.absence))
struct OtherBusinessTests {
    @Test("goes from its CSV file to scores and recommended actions by commands alone", arguments: OtherBusiness.all)
    func wholeLine(_ business: OtherBusiness) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "churn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let csv = folder.appending(path: "\(business.name).csv").path
        let domain = folder.appending(path: "domain.yaml").path
        let model = folder.appending(path: "model").path
        try Data(business.csv).write(to: URL(fileURLWithPath: csv))
        let id = business.id.map { ["--id", $0] } ?? []
        let infer = [csv, "--label", business.label, "--output", domain] + id
        try await DomainCommand.Infer.parse(infer).run()
        try await OwnDatabase.with { url in
            let database = ["--domain", domain, "--postgres-url", url]
            try await Self.run(["migrate"] + database)
            try await Self.run(["import", csv, "--leavers", "keep"] + database)
            try await Self.run(["train", csv, "--domain", domain, "--output", model])
            try await Self.run(["score"] + database + ["--model", model])
            let line = ["run"] + database + ["--model", model, "--auth", "none"]
            let deployment = try Deployment(ConfigurationArguments(line, of: Churnd.self).given)
            let predictor = try await XGBoostPredictor.load(at: model, for: deployment.domain)
            try await Self.check(deployment, business, predictor)
        }
    }

    @Test("marks who left or leaves them out, and refuses a second file without ids", arguments: OtherBusiness.all)
    func leavers(_ business: OtherBusiness) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "churn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let csv = folder.appending(path: "\(business.name).csv").path
        let file = folder.appending(path: "domain.yaml").path
        try Data(business.csv).write(to: URL(fileURLWithPath: csv))
        let id = business.id.map { ["--id", $0] } ?? []
        try await DomainCommand.Infer.parse([csv, "--label", business.label, "--output", file] + id).run()
        let domain = try Domain.load(path: file)
        let left = try CustomerFile.readAll(path: csv, domain: domain).count { $0.hasChurned == true }
        try await OwnDatabase.with { url in
            let database = ["--domain", file, "--postgres-url", url]
            try await Self.run(["migrate"] + database)
            try await Self.run(["import", csv] + database)
            let deployment = try Deployment(ConfigurationArguments(["check"] + database, of: Churnd.self).given)
            try await deployment.withStore { store in
                let states = try await store.states(for: store.customerIDs(after: nil, limit: 100_000))
                #expect(left > 0 && states.count == business.imported)
                #expect(states.values.count { $0.leftAt != nil } == left)
            }
            guard business.id == nil else { return try await Self.run(["import", csv] + database) }
            let error = await #expect(throws: ChurnError.self) { try await Self.run(["import", csv] + database) }
            #expect(error?.code == .customersNumbered)
            try await Self.run(["import", csv, "--same-customers"] + database)
        }
        try await OwnDatabase.with { url in
            let database = ["--domain", file, "--postgres-url", url]
            try await Self.run(["migrate"] + database)
            try await Self.run(["import", csv, "--leavers", "skip"] + database)
            let deployment = try Deployment(ConfigurationArguments(["check"] + database, of: Churnd.self).given)
            try await deployment.withStore { store in
                let count = try await store.customerCount()
                #expect(count == business.imported - left)
            }
        }
    }

    private static func run(_ arguments: [String]) async throws {
        try await ConfigurationArguments(arguments, of: Churnd.self).run()
    }

    private static func check(
        _ deployment: Deployment, _ business: OtherBusiness, _ predictor: XGBoostPredictor
    ) async throws {
        #expect(predictor.manifest.training.rows == business.labelled)
        #expect(predictor.manifest.metrics.auc > 0.6)
        try await deployment.withStore { store in
            #expect(try await store.customerCount() == business.imported)
            let ids = try await store.customerIDs(after: nil, limit: 3)
            let customer = try #require(ids.first)
            try await Self.sendEvents(to: customer, deployment, store, predictor)
            try await Self.serve(deployment, store, predictor) { base in
                let page = try await Self.get("\(base)/api/customer/\(customer)")
                let details = try #require(page["details"] as? [String: Any])
                #expect(details[deployment.domain.idColumn] as? String == customer)
                #expect(details.keys.contains(business.column) && details["churn_probability"] is Double)
                #expect((page["recent_events"] as? [Any])?.count == 2)
                #expect(page["recommended_actions"] is [Any])
                let names = try await Self.get("\(base)/api/domain")
                #expect(names["segment_column"] as? String == business.segment)
                let kpis = try await Self.get("\(base)/api/dashboard-kpis")
                #expect(kpis["total_active_customers"] as? Int == business.imported)
                let list = try await Self.get("\(base)/api/watchlist?page=1")
                #expect((list["users"] as? [Any])?.count == 10)
            }
        }
    }

    /// Two events through the pipeline: one that the domain knows nothing of, and one that changes the value.
    private static func sendEvents(
        to customer: String, _ deployment: Deployment, _ store: PostgresStore, _ predictor: XGBoostPredictor
    ) async throws {
        let log = InMemoryEventLog(partitions: 1)
        let source = InMemoryEventSource(log: log, decoder: deployment.decoder)
        let feature = try #require(deployment.domain.valueFeature)
        let value = deployment.domain.schema.features[feature].name
        for body in [#""event_type":"visit""#, #""event_type":"activity","changes":{"\#(value)":12.5}"#] {
            log.append(key: Array(customer.utf8), value: Array(#"{"user_id":"\#(customer)",\#(body)}"#.utf8))
        }
        log.finish()
        let pipeline = deployment.pipeline(
            from: source, into: store, models: ModelSlot(predictor), broadcaster: NoOpBroadcaster())
        try await pipeline.run()
        let state = try #require(try await store.states(for: [customer])[customer])
        #expect(state.features[feature] == .number(12.5))
        #expect(state.latest?.probability == (try await predictor.predict([state.features])[0]))
    }

    private static func serve(
        _ deployment: Deployment, _ store: PostgresStore, _ predictor: XGBoostPredictor,
        _ body: (_ base: String) async throws -> Void
    ) async throws {
        let hub = deployment.hub(over: store)
        let projection = deployment.projection(of: store)
        let bound = AsyncStream.makeStream(of: Int.self)
        let server = ChurnServer(
            ServerConfiguration(port: 0),
            serving: ServerDependencies(
                hub: hub, customers: store, domain: deployment.domain,
                queries: ServerQueries(customers: projection, store: store, models: ModelSlot(predictor)),
                cases: CaseDependencies(store: store), health: deployment.health, metrics: deployment.metrics,
                exporter: deployment.metrics),
            logger: deployment.logger, onListening: { _, port in bound.continuation.yield(port) })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [hub, projection, server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        async let running: Void = group.run()
        var ports = bound.stream.makeAsyncIterator()
        let port = try #require(await ports.next())
        do {
            for _ in 0..<200 where !deployment.health.isReady { try await Task.sleep(for: .milliseconds(50)) }
            try await body("http://127.0.0.1:\(port)")
        } catch {
            await group.triggerGracefulShutdown()
            try await running
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running
    }

    private static func get(_ url: String) async throws -> [String: Any] {
        let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(20))
        let body = try await answer.body.collect(upTo: 1 << 20)
        #expect(answer.status.code == 200, "\(url)")
        return try #require(try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any])
    }
}
