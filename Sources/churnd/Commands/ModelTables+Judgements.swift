import ChurnCore
import ChurnInsight
import Foundation

extension ModelTables {
    /// The columns that drift over the shorter windows.
    static func windows(_ health: ModelHealth) -> [String] {
        health.windows.filter { $0.window != .month }.map { window in
            let name = window.window == .hour ? "Last hour" : "Last day"
            let moved = window.columns.filter { $0.status == .warning || $0.status == .alarm }.map {
                "\($0.name) (\($0.status))"
            }
            let isEmpty = window.columns.allSatisfy { $0.status == .insufficient }
            let text = isEmpty ? "too few scores to tell" : moved.isEmpty ? "stable" : moved.joined(separator: ", ")
            return "\(name), \(window.rows) scores: \(text)"
        }
    }

    /// What was judged, and why the rest was not.
    static func outcomes(_ summary: OutcomeSummary?) -> [String] {
        guard let summary else { return [] }
        let reasons = [
            (summary.tooOld, "older than \(summary.span.since.iso8601.prefix(10))"),
            (summary.withoutScore, "without a score in time"), (summary.inFuture, "dated in the future"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let rest = reasons.isEmpty ? "" : "; not judged: " + reasons.joined(separator: ", ")
        return ["", "Outcomes judged: \(summary.judged)\(rest)"]
    }

    static func comparison(_ judged: PairedComparison) -> [String] {
        func interval(_ difference: PairedComparison.Difference?) -> String {
            difference.map {
                String(format: "  difference %+.4f (95 %%: %+.4f to %+.4f)", $0.value, $0.lower, $0.upper)
            } ?? ""
        }
        func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
        return [
            "By the outcomes of the same \(judged.customers) customers, of whom \(judged.positives) left:",
            "AUC              champion \(number(judged.championAUC)), challenger \(number(judged.challengerAUC))"
                + interval(judged.auc),
            "Brier            champion \(number(judged.championBrier)), challenger \(number(judged.challengerBrier))"
                + interval(judged.brier),
        ]
    }
}
