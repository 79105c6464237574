import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnKafka
import ChurnMemory
import ChurnStore
import Foundation

/// `churnd simulate`: puts simulated events for the stored customers on the topic.
struct SimulateCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "simulate", abstract: "Produce events by the domain's weights into Kafka.",
        discussion:
            "Keyed by customer, so that each customer's events keep their order. The topic is created if need be.")

    @Option(help: "How many events.") var count = 1_000
    @Option(help: "Events a second; 0 for as many as the broker takes.") var rate = 0
    @Option(help: "The seed: the same customers, seed and count give the same events.") var seed: UInt64 = 1
    @Flag(help: "Send records without keys, spread over all partitions.") var unkeyed = false
    @Option(help: "Partitions of the topic, where it has to be created.") var partitions: Int32 = 4
    @Option(help: "Take the customers from this CSV file instead of the database.") var customers: String?

    func validate() throws {
        guard self.count >= 0, self.rate >= 0, self.partitions > 0 else {
            throw ValidationError("--count and --rate must be 0 or more, --partitions at least 1.")
        }
    }

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        var simulator = try EventSimulator(
            domain: deployment.domain, customerIDs: try await self.customerIDs(deployment), seed: self.seed)
        let topic = deployment.configuration[\.kafkaTopic]
        _ = try await KafkaTopics(deployment.kafka()).create(topic, partitions: self.partitions)
        let producer = try KafkaProducer(
            KafkaProducer.Configuration(connection: deployment.kafka(), topic: topic), logger: deployment.logger)
        let start = ContinuousClock.now
        try await closing({ try await self.produce(&simulator, $0, since: start) }, with: producer) {
            await producer.close()
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("produced \(self.count) events on \(topic) in \(String(format: "%.1f", seconds)) s")
    }

    private func produce(
        _ simulator: inout EventSimulator, _ producer: KafkaProducer, since start: ContinuousClock.Instant
    ) async throws {
        var sent = 0
        while sent < self.count {
            var due = min(5_000, self.count - sent)
            if self.rate > 0 {
                let elapsed = (ContinuousClock.now - start) / .seconds(1)
                due = min(due, Int(elapsed * Double(self.rate)) + 1 - sent)
                if due <= 0 {
                    try await Task.sleep(for: .milliseconds(2))
                    continue
                }
            }
            let now = Timestamp.systemNow()
            let records = (0..<due).map { index in
                let event = simulator.next(at: now)
                return OutgoingRecord(
                    key: self.unkeyed ? nil : event.key, value: event.json,
                    partition: self.unkeyed ? Int32(sent + index) % self.partitions : nil)
            }
            try await producer.send(records)
            sent += due
        }
    }

    private func customerIDs(_ deployment: Deployment) async throws -> [String] {
        if let file = self.customers {
            return try CustomerFile.readAll(path: file, domain: deployment.domain).map(\.customer.id)
        }
        return try await deployment.withStore { store in
            let now = Timestamp.systemNow()
            var (ids, after): ([String], String?) = ([], nil)
            while true {
                let page = try await store.customerIDs(after: after, limit: 50_000)
                guard let last = page.last else { return ids }
                // Who has left has no events.
                let states = try await store.states(for: page)
                ids += page.filter { states[$0]?.hasLeft(at: now) == false }
                after = last
            }
        }
    }
}
