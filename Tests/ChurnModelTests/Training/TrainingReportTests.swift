import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Training report")
struct TrainingReportTests {
    @Test(
        "pictures are well-formed and draw only within their frame",
        arguments: [
            "roc.svg", "precision-recall.svg", "calibration.svg", "lift.svg",
        ])
    func pictures(_ name: String) async throws {
        let bytes = try #require(try await Fixture.bundle().reportFiles[name])
        let parser = XMLParser(data: Data(bytes))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("nan") && !text.contains("inf"))
        for match in text.matches(of: /[ML](-?[\d.]+) (-?[\d.]+)/) {
            let x = try #require(Double(match.1))
            let y = try #require(Double(match.2))
            #expect((64...500).contains(x) && (36...344).contains(y))
        }
    }

    @Test("JSON and Markdown say the same as the manifest")
    func texts() async throws {
        let bundle = try await Fixture.bundle()
        let json = try #require(bundle.reportFiles["report.json"])
        let report = try JSONDecoder().decode(TrainingReport.self, from: Data(json))
        #expect(report.version == bundle.manifest.version)
        #expect(report.calibrated.pooled == bundle.manifest.metrics)
        #expect(report.calibrated.folds.count == 5)
        #expect(report.calibrated.folds.map(\.rows).reduce(0, +) == 1_500)
        #expect(report.optionsSHA256 == bundle.manifest.training.parametersDigest)
        #expect(report.data.features.count == Domain.telco.schema.count)
        let auc = try #require(report.calibrated.intervals["auc"])
        #expect(auc.lower < auc.mean && auc.mean < auc.upper)
        let markdown = String(decoding: try #require(bundle.reportFiles["report.md"]), as: UTF8.self)
        #expect(markdown.hasPrefix("# Model \(bundle.manifest.version)\n"))
        #expect(markdown.contains(String(format: "%.4f", auc.mean)))
        #expect(markdown.contains("](calibration.svg)"))
    }

    @Test("a feature that tells who left by itself is remarked in the manifest and the report")
    func leaks() async throws {
        var domain = Domain.telco
        domain.schema = FeatureSchema(
            features: domain.schema.features + [
                Feature(name: "Closing fee", column: "closing_fee", type: .numeric, encoding: .numeric)
            ])
        let customers = try Fixture.customers(600).enumerated().map { index, row in
            var row = row
            row.customer.features.append(.number(row.hasChurned == true && index % 3 > 0 ? Double(20 + index % 7) : 0))
            return row
        }
        let data = try TrainingData(customers: customers, domain: domain)
        let remark = try #require(data.remarks.first)
        #expect(data.remarks.count == 1 && remark.hasPrefix("feature 'Closing fee': "))
        let bundle = try await ModelTrainer(options: Fixture.options).train(data)
        #expect(bundle.manifest.training.remarks == data.remarks)
        let markdown = String(decoding: try #require(bundle.reportFiles["report.md"]), as: UTF8.self)
        #expect(markdown.contains("## Look at this first\n\n- \(remark)\n"))
        #expect(try await Fixture.bundle().manifest.training.remarks == nil)
    }

    @Test("missing values and unlisted categories are counted by feature")
    func gaps() throws {
        var customers = try Fixture.customers(40)
        let contract = try #require(Domain.telco.schema.index(of: "Contract"))
        let tenure = try #require(Domain.telco.schema.index(of: "tenure"))
        for index in 0..<3 { customers[index].customer.features[contract] = .text("Ten years") }
        for index in 0..<5 { customers[index].customer.features[tenure] = .missing }
        let data = try TrainingData(customers: customers, domain: .telco)
        #expect(data.features[contract].unlisted == 3)
        #expect(data.features[tenure].missing == 5)
        #expect(data.features[contract].categories == 3)
    }

    @Test("a mean's interval is wider than that of independent folds, and one value has none")
    func interval() {
        let interval = MetricInterval([0.8, 0.82, 0.84, 0.86, 0.88], testShare: 0.2)
        #expect(abs(interval.mean - 0.84) < 1e-12)
        // Standard deviation 0.0316, times the root of 1/5 + 1/4, times 2.776.
        #expect(abs(interval.upper - 0.84 - 0.0316228 * 0.45.squareRoot() * 2.776) < 1e-4)
        let single = MetricInterval([0.7], testShare: 0.2)
        #expect(single.lower == 0.7 && single.upper == 0.7)
    }

    @Test("names from outside are no markup in the report")
    func markup() {
        #expect(TrainingReport.plain("a|b") == "a&#124;b")
        #expect(TrainingReport.plain("<img src=x>&") == "&lt;img src=x&gt;&amp;")
        #expect(TrainingReport.plain("![x](y)\n# z") == "\\!\\[x\\](y) \\# z")
        #expect(TrainingReport.plain("max_depth, _a_ *b*") == "max_depth, \\_a_ \\*b\\*")
    }
}
