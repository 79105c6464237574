import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("XGBoost predictor")
struct XGBoostPredictorTests {
    @Test("a batch of one, of hundreds and of thousands give the same bits, on any number of threads")
    func bitEquality() async throws {
        let bundle = try await Fixture.bundle()
        let rows = try Fixture.customers(3_000, seed: 3).map(\.customer.features)
        let whole = try await XGBoostPredictor(bundle: bundle, threads: 1).predict(rows)
        #expect(whole.count == rows.count)
        #expect(Set(whole).count > 500)
        for threads in [2, 3, 8] {
            #expect(try await XGBoostPredictor(bundle: bundle, threads: threads).predict(rows) == whole)
        }
        let predictor = XGBoostPredictor(bundle: bundle, threads: 2)
        for size in [1, 7, 63, 64, 65, 500] {
            var parts: [Double] = []
            for start in stride(from: 0, to: 1_000, by: size) {
                parts += try await predictor.predict(Array(rows[start..<min(start + size, 1_000)]))
            }
            #expect(parts == Array(whole[..<1_000]))
        }
    }

    @Test("many callers at once get their own scores")
    func concurrency() async throws {
        let predictor = XGBoostPredictor(bundle: try await Fixture.bundle(), threads: 3)
        let rows = try Fixture.customers(2_000, seed: 4).map(\.customer.features)
        let whole = try await predictor.predict(rows)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<40 {
                group.addTask {
                    let range = caller * 50..<caller * 50 + (caller.isMultiple(of: 2) ? 1 : 50)
                    for _ in 0..<20 {
                        let scores = try await predictor.predict(Array(rows[range]))
                        #expect(scores == Array(whole[range]))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("scores are probabilities in single precision, and no rows give no scores")
    func range() async throws {
        let predictor = XGBoostPredictor(bundle: try await Fixture.bundle())
        let scores = try await predictor.predict(try Fixture.customers(500).map(\.customer.features))
        #expect(scores.allSatisfy { $0 >= 0 && $0 <= 1 && Double(Float($0)) == $0 })
        #expect(try await predictor.predict([]).isEmpty)
        #expect(predictor.model.version.hasPrefix("telco-"))
    }

    @Test(
        "a row that cannot be scored is refused as data, in a small batch and in a sharded one", arguments: [1, 2_000])
    func wrongWidth(_ count: Int) async throws {
        let predictor = XGBoostPredictor(bundle: try await Fixture.bundle(), threads: 2)
        var rows = try Fixture.customers(count).map(\.customer.features)
        rows[count - 1].removeLast()
        await #expect {
            try await predictor.predict(rows)
        } throws: { error in
            (error as? ChurnError)?.code == .predictionFailed && error.failureDisposition == .reject
        }
    }

    @Test("the library below refuses rows of another width instead of reading past them")
    func boosterWidth() async throws {
        let booster = try await Fixture.bundle().scorer.booster
        #expect(throws: XGBoostFailure.self) { try booster.predict([1, 2, 3]) }
        #expect(try booster.predict([]).isEmpty)
    }

    @Test("what is not a booster is an error with what the library says", arguments: ["", "x", "{\"a\":1}"])
    func notABooster(_ text: String) {
        #expect(throws: XGBoostFailure.self) { try Booster(bytes: Array(text.utf8)) }
    }

    @Test(
        "binary text that breaks off, behind which the library would read on, is refused before it",
        arguments: ["", "{", "{L", "{i", "{S", "{[", "{L\u{7f}"])
    func brokenOff(_ text: String) {
        #expect(throws: ChurnError.self) { try BoosterStructure(ubj: Array(text.utf8)) }
    }

    @Test("a predictor loads its bundle from a folder")
    func loading() async throws {
        let bundle = try await Fixture.bundle()
        try await Fixture.withFolder { folder in
            try bundle.write(to: folder.path)
            let predictor = try await XGBoostPredictor.load(at: folder.path, for: .telco)
            #expect(predictor.model.version == bundle.manifest.version)
        }
        await #expect(throws: ChurnError.self) {
            try await XGBoostPredictor.load(at: "/nonexistent/model", for: .telco)
        }
    }
}
