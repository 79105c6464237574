import ChurnCore
import ChurnKafka
import ServiceLifecycle

/// A pipeline whose source leaves its group, however the pipeline ends.
struct KafkaPipeline: Service {
    let pipeline: Pipeline
    let source: KafkaEventSource

    func run() async throws {
        do {
            try await self.pipeline.run()
        } catch {
            await self.source.close()
            throw error
        }
        await self.source.close()
    }
}
