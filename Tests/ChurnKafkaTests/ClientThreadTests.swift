#if os(Linux)
    import Foundation
    import Testing

    @testable import ChurnKafka

    struct ClientThreadTests {
        @Test("the system shows a client's thread under its own name", arguments: ["churn-kafka", "churn-producer"])
        func shown(_ name: String) async throws {
            let shown = try await ClientThread.run(named: name) {
                try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            }
            #expect(shown == name + "\n")
        }
    }
#endif
