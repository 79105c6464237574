import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Calibrated bundle")
struct CalibratedBundleTests {
    @Test("every score is the calibration of the booster's score")
    func scores() async throws {
        let bundle = try await Fixture.bundle()
        let calibration = try #require(bundle.manifest.calibration)
        #expect(calibration.method == .blend)
        #expect(calibration.rows == 1_500)
        let predictor = XGBoostPredictor(bundle: bundle, threads: 1)
        let rows = try Fixture.customers(300, seed: 8).map(\.customer.features)
        let scores = try await predictor.boosterScores(rows)
        let probabilities = try await predictor.predict(rows)
        #expect(probabilities == scores.map { Double(calibration.probability(of: Float($0))) })
        #expect(probabilities != scores)
    }

    @Test("a bundle of the first form, which had no calibration, loads and gives the booster's scores")
    func firstForm() async throws {
        let bundle = try await Fixture.bundle()
        try await Fixture.withFolder { folder in
            let old = try DamagedBundle(bundle, in: folder)
            for name in ModelBundle.reportNames {
                try FileManager.default.removeItem(at: folder.appending(path: name))
            }
            try old.edit { manifest in
                manifest.format = 1
                manifest.calibration = nil
                manifest.report = nil
                manifest.training.folds = nil
                manifest.training.parametersDigest = nil
                manifest.metrics.calibrationError = nil
                manifest.metrics.liftTopDecile = nil
                for index in manifest.golden.indices { manifest.golden[index].calibrated = nil }
                manifest.version = ModelBundle.version(
                    domain: manifest.domain, encoder: manifest.encoder, boosterDigest: manifest.booster.sha256)
            }
            let text = String(decoding: try old.bytes(ModelBundle.manifestName), as: UTF8.self)
            #expect(!text.contains("calibrated"))
            let predictor = try await XGBoostPredictor.load(at: folder.path, for: .telco)
            let rows = try Fixture.customers(50, seed: 8).map(\.customer.features)
            #expect(try await predictor.predict(rows) == (try await predictor.boosterScores(rows)))
        }
    }

    @Test(
        "a calibration that was altered and sealed again is refused",
        arguments: ["taken out", "another's", "digest", "a golden row", "none in a golden row"])
    func altered(_ part: String) async throws {
        let bundle = try await Fixture.bundle()
        let other = ProbabilityCalibration(
            method: .platt, curve: ProbabilityCalibration.Curve(low: 2, high: 2, offset: 1), rows: 10)
        let refusal = try await Fixture.withFolder { folder in
            let damaged = try DamagedBundle(bundle, in: folder)
            try damaged.edit { manifest in
                switch part {
                case "taken out": manifest.calibration = nil
                case "another's": manifest.calibration = other
                case "a golden row": manifest.golden[4].calibrated? += 1e-3
                case "none in a golden row": manifest.golden[4].calibrated = nil
                default: break
                }
            }
            if part == "digest" {
                var text = String(decoding: try damaged.bytes(ModelBundle.manifestName), as: UTF8.self)
                let place = try #require(text.range(of: "\"offset\" : "))
                text.insert("3", at: place.upperBound)
                if text[place.upperBound...].hasPrefix("3-") {
                    text.remove(at: text.index(after: place.upperBound))
                }
                try damaged.write(Array(text.utf8), as: ModelBundle.manifestName)
                try damaged.write(
                    ModelBundle.seal(of: Array(text.utf8)), as: ModelBundle.manifestDigestName)
            }
            return damaged.refusal()
        }
        #expect(refusal?.code == .modelRefused)
        #expect(refusal?.advice.isEmpty == false)
        #expect(part != "digest" || refusal?.advice.contains("SHA-256") == true)
    }

    @Test("a damaged file of the report is refused; one that is missing does no harm")
    func report() async throws {
        let bundle = try await Fixture.bundle()
        #expect(Set(bundle.reportFiles.keys) == Set(ModelBundle.reportNames))
        try await Fixture.withFolder { folder in
            let damaged = try DamagedBundle(bundle, in: folder)
            try FileManager.default.removeItem(at: folder.appending(path: "lift.svg"))
            let loaded = try ModelBundle.load(at: folder.path, for: .telco)
            #expect(loaded.reportFiles.count == 5)
            try damaged.write(Array("<svg onload='x'/>".utf8), as: "roc.svg")
            #expect(damaged.refusal()?.advice.contains("roc.svg is not the file that was written") == true)
        }
    }
}
