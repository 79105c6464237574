import ChurnCore
import ChurnFiles
import Testing

@Suite("The closest name")
struct ClosestNameTests {
    @Test(
        "is the one that a person most likely meant",
        arguments: [
            ("kafka.broker", "kafka.brokers"), ("KAFKA.BROKERS", "kafka.brokers"), ("kakfa.topic", "kafka.topic"),
            ("rloe", "role"), ("modle", "model"),
        ])
    func suggests(_ typed: String, _ meant: String) {
        #expect(ClosestName.of(typed, in: ["kafka.brokers", "kafka.topic", "role", "model"]) == meant)
    }

    @Test("is nil where nothing is near", arguments: ["", "zebra", "kafka", String(repeating: "k", count: 10_000)])
    func suggestsNothing(_ typed: String) {
        #expect(ClosestName.of(typed, in: ["kafka.brokers", "kafka.topic", "role", "model"]) == nil)
    }
}
