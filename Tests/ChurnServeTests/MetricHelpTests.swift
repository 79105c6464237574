import Foundation
import Testing

@testable import ChurnServe

@Suite("Every metric has its help", .timeLimit(.minutes(2))) struct MetricHelpTests {
    @Test("and its type, in what a server shows")
    func shown() async throws {
        try await ServeHarness.run { server in
            _ = try await server.request("/")
            let lines = server.metrics.text().split(separator: "\n")
            var types = 0
            for (before, line) in zip(lines, lines.dropFirst()) where line.hasPrefix("# TYPE ") {
                let name = String(line.split(separator: " ")[2])
                let text = MetricHelp.texts[name]
                #expect(text != nil && before == "# HELP \(name) \(text ?? "")")
                types += 1
            }
            #expect(types > 10)
            let names = lines.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "{" && $0 != " " } }
            for name in Set(names) {
                let isKnown = ["", "_bucket", "_sum", "_count"].contains { end in
                    name.hasSuffix(end) && MetricHelp.texts[String(name.dropLast(end.count))] != nil
                }
                #expect(isKnown, "\(name)")
            }
        }
    }

    @Test("wherever in the sources it is made, and nothing that is not made has one")
    func made() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        let instrument = /(?:label:\s*|\bgauge\(|\bset\(|\bto:\s*)"(churn\.[a-z.]+)"/
        let made = /(?:Counter|Gauge|Meter|Recorder|Timer|makeTimer)\(\s*(?:label:)|\bgauge\(|DriftGauge|GapCounter/
        var labels: Set<String> = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            guard text.contains(made) else { continue }
            for match in text.matches(of: instrument) { labels.insert(String(match.1)) }
        }
        // Names of loggers and threads, which files of instruments may have too.
        labels.subtract(["churn.bundle", "churn.pipeline", "churn.predictor", "churn.training"])
        let shown = Dictionary(grouping: MetricHelp.texts.keys) { name in
            ["_total", "_seconds"].reduce(name) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
        }
        for label in labels {
            let name = PrometheusText.name(label)
            #expect(shown[name] != nil || MetricHelp.texts[name] != nil, "\(label)")
        }
        #expect(labels.count > 50)
        let known = Set(labels.map(PrometheusText.name))
        for (base, names) in shown where base != "churn_metrics_dropped_series" {
            #expect(known.contains(base) || names.contains(where: known.contains), "\(names)")
        }
    }
}
