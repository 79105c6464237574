#if os(Linux)
    import Foundation
    import Testing

    @testable import ChurnStore

    struct ThreadNameTests {
        private actor Worker {
            private let executor = DedicatedThreadExecutor(name: "churn-postgres")
            nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

            deinit { self.executor.stop() }

            func shownName() throws -> String {
                try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            }
        }

        @Test("the system shows a connection's thread under its own name")
        func shown() async throws {
            let shown = try await Worker().shownName()
            #expect(shown == "churn-postgres\n")
        }
    }
#endif
