import ChurnCore
import Foundation

extension TrainingReport {
    private static let titles = [
        "auc": "AUC", "log_loss": "Log loss", "brier_score": "Brier score",
        "calibration_error": "Expected calibration error, 15 bins of equal size",
        "lift_top_decile": "Lift of the highest tenth",
    ]

    /// The report for people.
    var markdown: String {
        ([self.head] + self.remarkList + [self.quality, self.foldTable, self.pictures, self.parameterTable]
            + self.searchTable
            + [self.featureTable])
            .joined(separator: "\n\n") + "\n"
    }

    private var head: String {
        let share = Double(self.data.positives) / Double(max(self.data.rows, 1)) * 100
        return """
            # Model \(self.version)

            \(self.data.rows) customers of the domain \(Self.plain(self.domain)), of whom \(self.data.positives) \
            (\(number(share, 1)) %) left. \(self.rounds) trees by \(self.library). Calibration: \
            \(self.options["calibration"] ?? "none").

            Data: SHA-256 `\(self.data.sha256)`. Options: SHA-256 `\(self.optionsSHA256)`.
            """
    }

    /// What a person should look at before relying on the model.
    private var remarkList: [String] {
        guard let remarks = self.data.remarks else { return [] }
        return ["## Look at this first\n\n" + remarks.map { "- \(Self.plain($0))" }.joined(separator: "\n")]
    }

    private var quality: String {
        let rows = ModelEvaluation.measures.map { measure in
            "| \(Self.titles[measure] ?? measure) | \(Self.cell(self.calibrated.intervals[measure])) "
                + "| \(number(self.calibrated.pooled.measure(measure), 4)) "
                + "| \(Self.cell(self.uncalibrated.intervals[measure])) |"
        }
        return """
            ## Quality

            Every customer was scored by a model, and calibrated by a curve, that had not seen them. Means over \
            \(self.calibrated.folds.count) folds with 95 % intervals, corrected for the folds' common customers. The \
            number of trees was chosen on the same folds.

            | Measure | Calibrated | All folds together | Before calibration |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }

    private static func cell(_ interval: MetricInterval?) -> String {
        guard let interval else { return "" }
        return "\(number(interval.mean, 4)) (\(number(interval.lower, 4)) to \(number(interval.upper, 4)))"
    }

    private var foldTable: String {
        let rows = self.calibrated.folds.enumerated().map { index, fold in
            "| \(index + 1) | \(fold.rows) | \(fold.positives) | "
                + ModelEvaluation.measures.map { number(fold.measure($0), 4) }.joined(separator: " | ") + " |"
        }
        return """
            | Fold | Customers | Left | AUC | Log loss | Brier score | Calibration error | Lift |
            |---|---|---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }

    private var pictures: String {
        """
        ![Receiver operating characteristic](roc.svg)
        ![Precision and recall](precision-recall.svg)
        ![Calibration](calibration.svg)
        ![Lift](lift.svg)
        """
    }

    private var parameterTable: String {
        func rows(_ values: [String: String]) -> String {
            values.sorted { $0.key < $1.key }.map { "| \(Self.plain($0)) | \(Self.plain($1)) |" }.joined(
                separator: "\n")
        }
        return """
            ## Options

            | Option | Value |
            |---|---|
            \(rows(self.options))

            ## Parameters given to libxgboost

            | Parameter | Value |
            |---|---|
            \(rows(self.parameters))
            """
    }

    private var searchTable: [String] {
        guard !self.trials.isEmpty else { return [] }
        let best = self.trials.map(\.loss).min()
        let rows = self.trials.enumerated().map { index, trial in
            let values = trial.parameters.sorted { $0.key < $1.key }.map { "\(Self.plain($0)) \(Self.plain($1))" }
                .joined(separator: ", ")
            let mark = trial.loss == best ? " (chosen)" : ""
            return "| \(index + 1)\(mark) | \(values) | \(trial.rounds) | \(number(trial.loss, 5)) |"
        }
        return [
            """
            ## Search

            \(self.trials.count) combinations were tried on the folds above; the quality above is that of the best one \
            on the very folds that chose it, and a little too good for it.

            | Trial | Parameters | Trees | Loss |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))
            """
        ]
    }

    private var featureTable: String {
        let rows = self.data.features.map { feature in
            let range = [feature.minimum, feature.maximum].compactMap { $0.map { number($0, 2) } }
            return "| \(Self.plain(feature.name)) | \(feature.type) | \(range.joined(separator: " to ")) "
                + "| \(feature.categories) | \(feature.missing) | \(feature.unlisted) |"
        }
        return """
            ## Features

            A missing value goes the way that each question of a tree has learned for it. A category that the model \
            does not know counts as none of those that it knows; an ordinal one as missing.

            | Feature | Type | Range | Categories | Customers without a value | Customers with an unlisted category |
            |---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }

    /// A text from outside as it shows in Markdown and in the HTML that is made of it: no markup, no link, no line's or
    /// cell's end.
    static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&", "<", ">": plain += scalar == "&" ? "&amp;" : scalar == "<" ? "&lt;" : "&gt;"
            // As references: some readers of tables end a cell at an escaped sign too.
            case "|": plain += "&#124;"
            case "\\", "`", "*", "[", "]", "!", "#", "~": plain += "\\\(scalar)"
            // Within a word it is no markup, and names are full of it.
            case "_" where plain.last.map { !$0.isLetter && !$0.isNumber } ?? true: plain += "\\_"
            case _ where scalar.properties.generalCategory == .control: plain += " "
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }
}

/// A number with this many places.
private func number(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
