import ChurnCore
import Testing

@testable import ChurnModel

@Suite("Damaged booster")
struct DamagedBoosterTests {
    /// Cuts off, flips bits, replaces bytes or copies one stretch over another, as the seed says.
    private static func damaged(_ original: [UInt8], seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        var bytes = original
        let kind = random.index(below: 4)
        if kind == 0 { return Array(bytes[..<random.index(below: bytes.count)]) }
        for _ in 0..<[1, 1, 2, 4, 16][random.index(below: 5)] {
            let place = random.index(below: bytes.count)
            switch kind {
            case 1: bytes[place] ^= 1 << UInt8(random.index(below: 8))
            case 2: bytes[place] = UInt8(random.index(below: 256))
            default:
                let source = random.index(below: bytes.count)
                let count = min(random.index(below: 16), bytes.count - max(place, source))
                bytes.replaceSubrange(place..<place + count, with: Array(bytes[source..<source + count]))
            }
        }
        return bytes
    }

    @Test(
        "a damaged booster whose digests were made right again is refused or scores, and never crashes",
        arguments: BoosterFormat.allCases)
    func neverCrashes(_ format: BoosterFormat) async throws {
        var options = Fixture.options
        options.format = format
        options.maximumRounds = 8
        let bundle = try await Fixture.trained(options)
        let rows = bundle.manifest.golden.map(\.features)
        var refused = 0
        let seeds = format == .json ? 0..<80 : 0..<600
        for seed in seeds {
            let bytes = Self.damaged(bundle.boosterBytes, seed: UInt64(seed))
            do {
                let readable = format == .json ? try BaseScore.repaired(json: bytes) : bytes
                let structure =
                    format == .json ? try BoosterStructure(json: readable) : try BoosterStructure(ubj: readable)
                try structure.check(columns: bundle.manifest.columns.count)
                let booster = try Booster(bytes: readable)
                _ = try ModelScorer(encoder: bundle.scorer.encoder, booster: booster).scores(of: rows[...])
            } catch {
                #expect(error is ChurnError || error is XGBoostFailure)
                refused += 1
            }
        }
        #expect(refused > seeds.count / 2)
    }

    @Test(
        "a tree whose indices lead astray is refused",
        arguments: [
            (#""left_children":[1,-1,-1]"#, #""left_children":[9,-1,-1]"#),
            (#""left_children":[1,-1,-1]"#, #""left_children":[0,-1,-1]"#),
            (#""right_children":[2,-1,-1]"#, #""right_children":[1,-1,-1]"#),
            (#""right_children":[2,-1,-1]"#, #""right_children":[-5,-1,-1]"#),
            (#""parents":[2147483647,0,0]"#, #""parents":[2147483647,0,7]"#),
            (#""split_indices":[1,0,0]"#, #""split_indices":[2,0,0]"#),
            (#""split_indices":[1,0,0]"#, #""split_indices":[1,0]"#),
            (#""split_type":[0,0,0]"#, #""split_type":[1,0,0]"#),
            (#""id":0"#, #""id":1"#),
            (#""num_nodes":"3""#, #""num_nodes":"4""#),
            (#""num_trees":"1""#, #""num_trees":"2""#),
            (#""tree_info":[0]"#, #""tree_info":[1]"#),
            (#""num_class":"0""#, #""num_class":"3""#),
            (#""num_feature":"2""#, #""num_feature":"3""#),
            (#""name":"gbtree""#, #""name":"dart""#),
            (#""name":"binary:logistic""#, #""name":"reg:squarederror""#),
        ])
    func structure(_ sound: String, _ astray: String) throws {
        try BoosterStructure(json: Array(Self.stump.utf8)).check(columns: 2)
        let parts = Self.stump.split(separator: sound, maxSplits: 1, omittingEmptySubsequences: false)
        let text = try #require(parts.count == 2 ? parts[0] + astray + parts[1] : nil)
        let error = try #require(throws: ChurnError.self) {
            try BoosterStructure(json: Array(text.utf8)).check(columns: 2)
        }
        #expect(error.code == .modelRefused)
    }

    private static let stump = """
        {"learner":{"gradient_booster":{"model":{"gbtree_model_param":{"num_trees":"1"},"tree_info":[0],"trees":[\
        {"id":0,"left_children":[1,-1,-1],"right_children":[2,-1,-1],"parents":[2147483647,0,0],\
        "split_indices":[1,0,0],"split_type":[0,0,0],"split_conditions":[1.5,0,0],"default_left":[0,0,0],\
        "base_weights":[0,0,0],"loss_changes":[0,0,0],"sum_hessian":[0,0,0],"categories":[],"categories_nodes":[],\
        "categories_segments":[],"categories_sizes":[],"tree_param":{"num_nodes":"3"}}]},"name":"gbtree"},\
        "learner_model_param":{"num_feature":"2","num_class":"0"},"objective":{"name":"binary:logistic"}}}
        """
}
