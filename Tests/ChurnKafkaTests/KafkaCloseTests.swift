import CRdKafka
import ChurnCore
import Testing

@testable import ChurnKafka

@Suite("Closing a Kafka consumer", .timeLimit(.minutes(2)))
struct KafkaCloseTests {
    /// librdkafka before 2.3.0 ends the process where it frees a sticky member that was never given partitions.
    @Test("a process that is stopped while its group joins ends well", arguments: [true, false])
    func whileJoining(isSlow: Bool) async {
        if isSlow {
            await #expect(processExitsWith: .success) { try Self.close(whileJoining: true) }
        } else {
            await #expect(processExitsWith: .success) { try Self.close(whileJoining: false) }
        }
    }

    /// Closes a consumer between the coordinator's two answers to a new member, or after its first assignment.
    private static func close(whileJoining isJoining: Bool) throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 2)
        if isJoining { cluster.delay(by: 700) }
        var settings = KafkaSourceConfiguration(connection: cluster.connection, topic: "events", group: "joining")
        settings.membership = .group()
        let handle = try ConsumerHandle(settings.clientSettings(), topic: "events", largestTake: 10)
        try handle.subscribe(isSticky: true)
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let event = handle.nextEvent(wait: 10)
            if isJoining {
                guard !handle.isCooperative else { break }
            } else if case .assigned? = event {
                break
            }
        }
        guard ContinuousClock.now < deadline else { throw TookTooLong(what: "the group to join") }
        handle.close(within: .milliseconds(200))
    }
}
