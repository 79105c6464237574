import ChurnCore
import ChurnKafka
import Logging

/// Events as producers write them.
enum Events {
    static func json(_ customer: String, number: Int, padding: Int = 0) -> [UInt8] {
        let details = String(repeating: "x", count: padding)
        let text =
            #"{"event_type":"monthly_anniversary","user_id":"\#(customer)","details":"\#(details)","#
            + #""timestamp":1700000000.25,"event_id":"e\#(number)"}"#
        return Array(text.utf8)
    }

    static func record(_ number: Int, partition: Int32? = nil, padding: Int = 0) -> OutgoingRecord {
        let customer = "C-\(number % 97)"
        return OutgoingRecord(
            key: Array(customer.utf8), value: Self.json(customer, number: number, padding: padding),
            partition: partition)
    }

    static func produce(
        _ records: [OutgoingRecord], to topic: String, connection: KafkaConnection = Broker.plain,
        maximumRecordBytes: Int = 16 << 20
    ) async throws {
        var configuration = KafkaProducer.Configuration(connection: connection, topic: topic)
        configuration.maximumRecordBytes = maximumRecordBytes
        let producer = try KafkaProducer(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do { try await producer.send(records) } catch {
            await producer.close()
            throw error
        }
        await producer.close()
    }
}

extension KafkaEventSource {
    /// Runs a test with a started source, which is closed afterwards.
    static func with(
        _ configuration: KafkaSourceConfiguration, positions: StoredPositions, health: HealthBoard = HealthBoard(),
        book: LogBook = LogBook(), _ body: (KafkaEventSource) async throws -> Void
    ) async throws {
        let source = KafkaEventSource(
            configuration, decoder: EventDecoder(domain: .telco), health: health, logger: book.logger)
        try await source.start(positions: positions)
        do { try await body(source) } catch {
            await source.close()
            throw error
        }
        await source.close()
    }
}
