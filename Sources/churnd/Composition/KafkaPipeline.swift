import ChurnCore
import ChurnKafka
import ServiceLifecycle

/// A pipeline whose source leaves its group, however the pipeline ends.
struct KafkaPipeline: Service {
    let pipeline: Pipeline
    let source: KafkaEventSource

    func run() async throws {
        try await closing({ _ in try await self.pipeline.run() }, with: self.source) { await self.source.close() }
    }
}
