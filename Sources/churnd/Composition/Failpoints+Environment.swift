import ChurnCore
import Foundation

#if DEBUG
    extension Failpoints {
        /// The failpoint that a test script asked for in CHURN_FAILPOINT (`before-commit:3`): the process kills itself
        /// with SIGKILL when it reaches that place for that time.
        ///
        /// Debug builds only.
        static let fromEnvironment: Failpoints = {
            guard let text = ProcessInfo.processInfo.environment["CHURN_FAILPOINT"] else { return .none }
            let parts = text.split(separator: ":")
            guard parts.count == 2, let count = Int(parts[1]) else { return .none }
            let place = Failpoint(rawValue: String(parts[0]))
            let reached = FailpointCount()
            return Failpoints { failpoint in
                if failpoint == place, reached.next() == count { kill(getpid(), SIGKILL) }
            }
        }()
    }

    private final class FailpointCount: Sendable {
        private let count = Locked(0)
        func next() -> Int {
            self.count.withLock {
                $0 += 1
                return $0
            }
        }
    }
#else
    extension Failpoints {
        /// Release builds have no failpoints.
        static let fromEnvironment = Failpoints.none
    }
#endif
