import Foundation

/// The report's charts by file name.
struct ReportPictures {
    private static let (main, other, guide) = ("#1d4ed8", "#d97706", "#9aa5b1")

    let files: [String: String]

    init(_ report: TrainingReport) {
        let curves = report.curves
        let pooled = report.calibrated.pooled
        let rate = Double(pooled.positives) / Double(max(pooled.rows, 1))
        let diagonal = [QualityCurves.Point(x: 0, y: 0), QualityCurves.Point(x: 1, y: 1)]
        func level(_ y: Double) -> [QualityCurves.Point] {
            [QualityCurves.Point(x: 0, y: y), QualityCurves.Point(x: 1, y: y)]
        }
        func guide(_ name: String, _ points: [QualityCurves.Point]) -> LineChart.Line {
            LineChart.Line(name: name, color: Self.guide, points: points, isDashed: true)
        }
        var calibration = [
            guide("perfect", diagonal),
            LineChart.Line(name: "the model", color: Self.main, points: curves.calibration, hasMarks: true),
        ]
        if report.calibration != nil {
            calibration.insert(
                LineChart.Line(
                    name: "before calibration", color: Self.other, points: report.uncalibratedCurves.calibration,
                    hasMarks: true), at: 1)
        }
        let highest = curves.lift.map(\.y).max() ?? 1
        let charts = [
            "roc.svg": LineChart(
                title: String(format: "Receiver operating characteristic, AUC %.4f", pooled.auc),
                xTitle: "share of those who stayed", yTitle: "share of those who left",
                lines: [
                    guide("chance", diagonal),
                    LineChart.Line(name: "the model", color: Self.main, points: curves.roc),
                ]),
            "precision-recall.svg": LineChart(
                title: "Precision and recall", xTitle: "recall: share of those who left that is found",
                yTitle: "precision: share of those found who left",
                lines: [
                    guide("chance", level(rate)),
                    LineChart.Line(name: "the model", color: Self.main, points: curves.precisionRecall),
                ]),
            "calibration.svg": LineChart(
                title: String(
                    format: "Calibration, 15 bins of equal size, error %.4f", pooled.calibrationError ?? 0),
                xTitle: "mean probability", yTitle: "share who left", lines: calibration),
            "lift.svg": LineChart(
                title: String(format: "Lift, of the highest tenth %.2f", pooled.liftTopDecile ?? 0),
                xTitle: "share of customers, highest probability first", yTitle: "times as often as all",
                yMaximum: max(highest.rounded(.up), 1),
                lines: [
                    guide("chance", level(1)),
                    LineChart.Line(name: "the model", color: Self.main, points: curves.lift),
                ]),
        ]
        self.files = charts.mapValues(\.svg)
    }
}
