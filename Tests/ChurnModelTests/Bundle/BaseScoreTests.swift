import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Base score")
struct BaseScoreTests {
    private static func replacing(_ old: String, with new: String, in bytes: [UInt8]) throws -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(try #require(bytes.firstRange(of: Array(old.utf8))), with: Array(new.utf8))
        return bytes
    }

    @Test("a JSON booster in the form of XGBoost 3.1 is repaired and scores as it should")
    func repaired() async throws {
        var options = Fixture.options
        options.format = .json
        options.calibration = .none
        let bundle = try await Fixture.trained(options)
        // A base score that is not the 0.5 which the library falls back to.
        let plain = try Self.replacing(#""base_score":"5E-1""#, with: #""base_score":"2E-1""#, in: bundle.boosterBytes)
        let bracketed = try Self.replacing(
            #""base_score":"5E-1""#, with: #""base_score":"[2E-1]""#, in: bundle.boosterBytes)
        let scorer = ModelScorer(encoder: bundle.scorer.encoder, booster: try Booster(bytes: plain))
        let rows = bundle.manifest.golden.map(\.features)
        let golden = zip(rows, try scorer.scores(of: rows[...])).map { GoldenRow(features: $0, score: $1) }
        #expect(golden.map(\.score) != bundle.manifest.golden.map(\.score))
        try await Fixture.withFolder { folder in
            let newer = try DamagedBundle(bundle, in: folder)
            try newer.replaceBooster(bracketed, golden: golden)
            let loaded = try ModelBundle.load(at: folder.path, for: .telco)
            #expect(try loaded.scorer.scores(of: rows[...]) == golden.map(\.score))
        }
    }

    @Test("a UBJ booster in the form of XGBoost 3.1 is refused with what to do")
    func refusedUBJ() async throws {
        let bundle = try await Fixture.bundle()
        try await Fixture.withFolder { folder in
            let newer = try DamagedBundle(bundle, in: folder)
            let length = [UInt8](repeating: 0, count: 7)
            let old = Array("base_scoreSL".utf8) + length + [4] + Array("5E-1".utf8)
            let new = Array("base_scoreSL".utf8) + length + [6] + Array("[5E-1]".utf8)
            var bytes = bundle.boosterBytes
            bytes.replaceSubrange(try #require(bytes.firstRange(of: old)), with: new)
            try newer.replaceBooster(bytes)
            let error = newer.refusal()
            #expect(error?.code == .modelRefused)
            #expect(error?.advice.contains("XGBoost 3.1 or later") == true)
            #expect(error?.advice.contains("booster.json") == true)
        }
    }

    @Test(
        "a JSON base score is repaired only where it is one number in brackets",
        arguments: [
            (#"{"base_score":"5E-1"}"#, #"{"base_score":"5E-1"}"#),
            (#"{"base_score":"[4.496E-1]"}"#, #"{"base_score":"4.496E-1"}"#),
            (#"{"base_score" : "[0.25]","x":1}"#, #"{"base_score" : "0.25","x":1}"#),
            (#"{"base_score":"[1E-1,2E-1]"}"#, nil),
            (#"{"base_score":"[]"}"#, nil),
            (#"{"base_score":"[nan]"}"#, nil),
            (#"{"base_score":"text"}"#, nil),
            (#"{"base_score":0.5}"#, nil),
            (#"{"base_score":"0.5"#, nil),
            (#"{"base_score"}"#, nil),
            (#"{}"#, nil),
        ])
    func json(_ json: String, _ expected: String?) throws {
        if let expected {
            #expect(try BaseScore.repaired(json: Array(json.utf8)) == Array(expected.utf8))
        } else {
            let error = try #require(throws: ChurnError.self) { try BaseScore.repaired(json: Array(json.utf8)) }
            #expect(error.code == .modelRefused)
        }
    }

    @Test(
        "a UBJ base score is read in every width of length and otherwise refused",
        arguments: [
            ("base_scoreSi\u{4}5E-1", true), ("base_scoreSU\u{4}5E-1", true), ("base_scoreSI\0\u{4}5E-1", true),
            ("base_scoreSl\0\0\0\u{4}5E-1", true), ("base_scoreSL\0\0\0\0\0\0\0\u{4}5E-1", true),
            ("base_scoreSi\u{6}[5E-1]", false), ("base_scoreSi\u{9}5E-1", false), ("base_scored\0\0\0\0", false),
            ("base_scoreSx", false), ("base_scoreS", false), ("base_score", false), ("", false),
            ("base_scoreSL\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}5", false),
        ])
    func ubj(_ text: String, _ isRead: Bool) throws {
        if isRead {
            try BaseScore.check(ubj: Array(text.utf8))
        } else {
            #expect(throws: ChurnError.self) { try BaseScore.check(ubj: Array(text.utf8)) }
        }
    }
}
