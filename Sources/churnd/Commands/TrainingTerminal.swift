import ChurnCore
import ChurnModel
import Foundation

/// Shows training's progress on one line, where standard output is a terminal.
final class TrainingTerminal: Sendable {
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let shown = Locked("")

    func show(_ progress: TrainingProgress) {
        guard self.isTerminal, progress.round.isMultiple(of: 20) || progress.round == 1 else { return }
        var line = progress.folds > 1 ? "fit \(progress.fold) of \(progress.folds): " : ""
        switch progress.stage {
        case .trial:
            line += "trying combination \(progress.trial): tree \(progress.round)"
            if let loss = progress.validationLoss { line += String(format: ", loss %.5f", loss) }
        case .search:
            line += "looking for the number of trees: \(progress.round)"
            if let loss = progress.validationLoss { line += String(format: ", validation loss %.5f", loss) }
        case .fit: line += "making the model: tree \(progress.round) of \(progress.rounds)"
        }
        self.write(line)
    }

    func clear() {
        guard self.isTerminal else { return }
        self.write("")
    }

    private func write(_ line: String) {
        self.shown.withLock { shown in
            shown = line
            // Back to the first column, and everything after the text erased.
            try? StandardOutput.write([UInt8]("\r\(line)\u{1B}[K".utf8))
        }
    }
}
