import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Training options")
struct TrainingOptionsTests {
    private func data(_ count: Int = 800) throws -> TrainingData {
        try TrainingData(customers: Fixture.customers(count), domain: .telco)
    }

    @Test("a monotone constraint holds in every score")
    func monotone() async throws {
        var options = Fixture.options
        options.monotone = ["tenure": .increasing, "Contract": .decreasing]
        let bundle = try await Fixture.trained(options)
        let tenure = try #require(Domain.telco.schema.index(of: "tenure"))
        let predictor = XGBoostPredictor(bundle: bundle, threads: 1)
        for customer in try Fixture.customers(40, seed: 21) {
            let rows = (0...72).map { months in
                var features = customer.customer.features
                features[tenure] = .number(Double(months))
                return features
            }
            let scores = try await predictor.predict(rows)
            #expect(scores == scores.sorted())
        }
        // Against what the data say: without the constraint the risk falls with tenure.
        let free = XGBoostPredictor(bundle: try await Fixture.bundle(), threads: 1)
        let first = try #require(try Fixture.customers(1, seed: 21).first)
        let falling = try await free.predict(
            [1, 70].map { months in
                var features = first.customer.features
                features[tenure] = .number(months)
                return features
            })
        #expect(falling[0] > falling[1])
    }

    @Test(
        "constraints are mapped to columns, and one on what has no order is refused with what to do",
        arguments: [
            ("tenure", nil), ("TENURE", nil), ("PaymentMethod=Electronic check", nil),
            ("PaymentMethod", "PaymentMethod=CATEGORY"), ("nothing", "no feature 'nothing'"),
        ])
    func constraints(_ name: String, _ refusal: String?) throws {
        var options = TrainingOptions()
        options.monotone = [name: .increasing]
        let spec = EncoderSpec(schema: Domain.telco.schema)
        if let refusal {
            let error = try #require(throws: ChurnError.self) { try options.constraints(for: spec) }
            #expect(error.advice.contains(refusal))
        } else {
            let signs = try options.constraints(for: spec)
            let column = try #require(spec.columns.firstIndex { $0.lowercased() == name.lowercased() })
            #expect(signs[column] == 1)
            #expect(signs.count { $0 != 0 } == 1)
        }
    }

    @Test("class weights push the booster's scores up, and calibration takes it back")
    func classWeights() async throws {
        var options = Fixture.options
        options.classWeight = .balanced
        let bundle = try await Fixture.trained(options)
        let weight = try #require(bundle.manifest.training.parameters["scale_pos_weight"].flatMap { Double($0) })
        let share = Double(bundle.manifest.training.positives) / Double(bundle.manifest.training.rows)
        #expect(abs(weight - (1 - share) / share) < 1e-9)
        let predictor = XGBoostPredictor(bundle: bundle, threads: 1)
        let rows = try Fixture.customers(1_500).map(\.customer.features)
        let scores = try await predictor.boosterScores(rows).reduce(0, +) / 1_500
        let probabilities = try await predictor.predict(rows).reduce(0, +) / 1_500
        #expect(scores > share + 0.08)
        #expect(abs(probabilities - share) < 0.05)
    }

    @Test("a search keeps to its budget, tries what was given first, and the seed decides the rest")
    func search() async throws {
        var options = Fixture.options
        options.maximumRounds = 15
        options.search = TrainingSettings.Search(
            method: .random, budget: .trials(4),
            space: TrainingSettings.Search.Space(learningRate: [0.1, 0.3], depth: [2, 3]))
        let data = try self.data(500)
        let first = try await ModelTrainer(options: options).train(data)
        let second = try await ModelTrainer(options: options).train(data)
        #expect(first.reportFiles == second.reportFiles)
        let json = try #require(first.reportFiles["report.json"])
        let report = try JSONDecoder().decode(TrainingReport.self, from: Data(json))
        #expect(report.trials.count == 4)
        #expect(report.trials[0].parameters["depth"] == "4")
        #expect(report.trials[0].parameters["learning_rate"] == "0.2")
        let best = try #require(report.trials.min { $0.loss < $1.loss })
        #expect(report.parameters["max_depth"] == best.parameters["depth"])
        #expect(report.rounds == best.rounds)
    }

    @Test("a grid goes through every combination once")
    func grid() {
        var random = SeededRandom(seed: 1)
        let space = TrainingSettings.Search.Space(
            learningRate: [0.1, 0.2], depth: [3, 4, 5], rowShare: [], columnShare: [], minimumChildWeight: [],
            regularization: [])
        let all = TrainingSettings.Search(method: .grid, budget: .trials(100), space: space)
            .candidates(from: TrainingOptions(), using: &random)
        #expect(all.count == 7)
        #expect(all.dropFirst().map(\.maximumDepth) == [3, 4, 5, 3, 4, 5])
        #expect(all.dropFirst().map(\.learningRate) == [0.1, 0.1, 0.1, 0.2, 0.2, 0.2])
        let few = TrainingSettings.Search(method: .grid, budget: .trials(3), space: space)
            .candidates(from: TrainingOptions(), using: &random)
        #expect(few == Array(all.prefix(3)))
    }

    @Test("two trainings write the same files, byte for byte")
    func files() async throws {
        let (first, second) = (try await Fixture.bundle(), try await Fixture.trained())
        try await Fixture.withFolder { one in
            try await Fixture.withFolder { two in
                try first.write(to: one.path)
                try second.write(to: two.path)
                let names = try FileManager.default.contentsOfDirectory(atPath: one.path).sorted()
                #expect(names.count == 10)
                #expect(try FileManager.default.contentsOfDirectory(atPath: two.path).sorted() == names)
                for name in names {
                    let (a, b) = (one.appending(path: name), two.appending(path: name))
                    #expect(try Data(contentsOf: a) == Data(contentsOf: b), "\(name) differs")
                }
            }
        }
    }

    @Test("every option has a part in the digest")
    func digest() {
        var digests: Set<String> = [TrainingOptions().digest]
        let changes: [(inout TrainingOptions) -> Void] = [
            { $0.seed = 9 }, { $0.folds = 4 }, { $0.maximumRounds = 7 }, { $0.patience = 7 },
            { $0.learningRate = 0.07 }, { $0.maximumDepth = 7 }, { $0.rowShare = 0.7 }, { $0.columnShare = 0.7 },
            { $0.minimumChildWeight = 7 }, { $0.regularization = 7 }, { $0.classWeight = .balanced },
            { $0.monotone = ["tenure": .increasing] }, { $0.calibration = .none },
            { $0.search = TrainingSettings.Search() },
            { $0.search = TrainingSettings.Search(budget: .trials(3)) }, { $0.format = .json },
        ]
        for change in changes {
            var options = TrainingOptions()
            change(&options)
            #expect(digests.insert(options.digest).inserted)
        }
    }

    @Test("settings of the domain file give way to those of the command line")
    func settings() {
        var (domain, flags) = (TrainingSettings(), TrainingSettings())
        domain.depth = 3
        domain.learningRate = 0.2
        domain.monotone = ["a": .increasing, "b": .increasing]
        flags.depth = 4
        flags.monotone = ["b": .decreasing]
        let options = TrainingOptions(domain.overridden(by: flags), seed: 5)
        #expect(options.maximumDepth == 4)
        #expect(options.learningRate == 0.2)
        #expect(options.monotone == ["a": .increasing, "b": .decreasing])
        #expect(options.seed == 5)
        #expect(options.patience == TrainingOptions().patience)
    }
}
