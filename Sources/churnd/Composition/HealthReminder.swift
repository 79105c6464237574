import ChurnCore
import ServiceLifecycle

/// Has outages that last logged again.
struct HealthReminder: Service, CustomStringConvertible {
    let board: HealthBoard

    var description: String { "HealthReminder" }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(1))) != nil { self.board.remind() }
        }
    }
}
