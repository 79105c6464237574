import ChurnCore
import Foundation

/// A bar on standard error while something takes long, where that is a terminal.
final class ProgressBar: Sendable {
    private static let width = 30

    private let label: String
    private let total: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let shown = Locked(-1)

    init(label: String, total: Int) {
        self.label = label
        self.total = max(total, 1)
    }

    func show(_ done: Int) {
        guard self.isTerminal else { return }
        let filled = min(done, self.total) * Self.width / self.total
        let percent = min(done, self.total) * 100 / self.total
        self.shown.withLock { shown in
            guard shown != percent else { return }
            shown = percent
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
            // Back to the first column, and everything after the text erased.
            StandardError.write("\r\(self.label) [\(bar)] \(percent) %\u{1B}[K")
        }
    }

    func clear() {
        guard self.isTerminal else { return }
        StandardError.write("\r\u{1B}[K")
    }
}
