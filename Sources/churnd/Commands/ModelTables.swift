import ChurnCore
import ChurnInsight
import Foundation

/// The output of `churnd models`.
enum ModelTables {
    static func list(_ models: [RegisteredModel]) -> String {
        let rows = models.map { model in
            let canary =
                model.role == .challenger && model.canary != .none
                ? String(format: ", canary %g %%", model.canary.share * 100) : ""
            return [
                model.version, "\(model.role)\(canary)",
                model.description.metrics["auc"].map { String(format: "%.4f", $0) } ?? "-",
                "\(model.registered.iso8601.prefix(19))Z", model.registeredBy, model.source,
            ]
        }
        let table = [["model", "role", "AUC", "registered", "by", "from"]] + rows
        let widths = (0..<6).map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { row in
            zip(row, widths).map { Self.padded($0, $1) }.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
    }

    static func health(_ health: ModelHealth) -> String {
        var lines = ["model                     role         scored  outcomes     AUC   Brier     ECE    lift"]
        for model in health.models {
            lines.append(
                Self.padded(model.version, 24) + "  " + Self.padded(model.role?.rawValue ?? "-", 10)
                    + String(format: " %8d  %8d", Int(model.scored), model.quality.outcomes)
                    + [model.quality.auc, model.quality.brier, model.calibrationError, model.liftTopDecile]
                    .map { number in number.map { String(format: "  %6.4f", $0) } ?? "       -" }.joined())
        }
        if let drift = health.drift {
            let day = Timestamp(microseconds: Int64(drift.since) * 86_400_000_000).iso8601.prefix(10)
            lines.append("")
            if drift.rows == 0 {
                lines.append("Since \(day) no event was scored by the model that serves: no drift to report.")
            } else {
                lines.append("Drift of \(drift.rows) live scores since \(day) against training:")
                if drift.scores == nil { lines.append("the model's bundle has no training distribution; train again") }
            }
            let all = drift.features.sorted { $0.drift.psi > $1.drift.psi } + (drift.scores.map { [$0] } ?? [])
            for line in all {
                let ks = line.drift.ks.map { String(format: "%6.4f", $0) } ?? "     -"
                lines.append(
                    Self.padded(line.name, 24) + String(format: "  PSI %7.4f  KS ", line.drift.psi)
                        + "\(ks)  \(line.status)")
            }
        }
        lines += Self.windows(health) + Self.outcomes(health.outcomes)
        if let challenger = health.challenger {
            let counts = challenger.counts
            func share(_ count: Int64) -> Double { 100 * Double(count) / Double(max(counts.scored, 1)) }
            lines += [
                "", "Challenger \(challenger.version) on \(counts.scored) events:",
                String(
                    format: "mean difference  %+.4f", Double(counts.difference) / 1e6 / Double(max(counts.scored, 1))),
                String(format: "other band       %.2f %%", share(counts.otherBand)),
                String(format: "other alert      %.2f %%", share(counts.otherAlert)),
                "alerts           champion \(counts.championAlerts), challenger \(counts.challengerAlerts)",
            ]
            lines += challenger.judged.map(Self.comparison) ?? []
        }
        return lines.joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }
}
