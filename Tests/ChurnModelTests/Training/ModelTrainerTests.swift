import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Model trainer")
struct ModelTrainerTests {
    @Test("the same data and seed give the same files, byte for byte, and another seed others")
    func determinism() async throws {
        let first = try await Fixture.bundle()
        let second = try await Fixture.trained()
        #expect(first.boosterBytes == second.boosterBytes)
        #expect(try ModelBundle.json(first.manifest) == ModelBundle.json(second.manifest))
        var options = Fixture.options
        options.seed = 2
        let other = try await Fixture.trained(options)
        #expect(other.manifest.version != first.manifest.version)
    }

    @Test("a model of simulated customers ranks those it has not seen far better than chance")
    func quality() async throws {
        let metrics = try await Fixture.bundle().manifest.metrics
        #expect(metrics.rows == 1_500)
        #expect(metrics.auc > 0.78)
        #expect(metrics.logLoss < 0.52)
        #expect(metrics.brierScore < 0.18)
    }

    @Test("the manifest says what the model was made of")
    func record() async throws {
        let manifest = try await Fixture.bundle().manifest
        #expect(manifest.training.rows == 1_500)
        #expect(manifest.training.seed == 1)
        #expect((1...60).contains(manifest.training.rounds))
        #expect(manifest.training.parameters["nthread"] == "1")
        #expect(manifest.libraryVersion == XGBoostLibrary.version)
        #expect(manifest.columns.count == 43)
    }

    @Test("progress goes through the search and then the fit")
    func progress() async throws {
        let seen = Locked<[TrainingProgress]>([])
        let data = try TrainingData(customers: Fixture.customers(400), domain: .telco)
        let bundle = try await ModelTrainer(options: Fixture.options).train(data) { step in
            seen.withLock { $0.append(step) }
        }
        let steps = seen.withLock { $0 }
        #expect(steps.first?.stage == .search)
        #expect(steps.filter { $0.stage == .search }.allSatisfy { $0.validationLoss != nil })
        #expect(steps.count { $0.stage == .fit } == bundle.manifest.training.rounds)
        #expect(steps.last?.round == bundle.manifest.training.rounds)
    }

    @Test("too few customers of a label is an error that says how many there are")
    func tooFew() async throws {
        let customers = try Fixture.customers(200).map {
            LabelledCustomer(customer: $0.customer, hasChurned: false)
        }
        let data = try TrainingData(customers: customers, domain: .telco)
        await #expect {
            try await ModelTrainer().train(data)
        } throws: { error in
            (error as? ChurnError)?.advice.contains("0 customers who left and 200 who stayed") == true
        }
    }

    @Test("a customer without a label cannot be learned from")
    func unlabelled() throws {
        let customers = try Fixture.customers(10).map { LabelledCustomer(customer: $0.customer, hasChurned: nil) }
        #expect(throws: ChurnError.self) { try TrainingData(customers: customers, domain: .telco) }
    }

    @Test("options out of range are refused")
    func options() {
        #expect(throws: ChurnError.self) { try ModelTrainer(options: TrainingOptions(folds: 1)) }
        #expect(throws: ChurnError.self) { try ModelTrainer(options: TrainingOptions(maximumRounds: 0)) }
        #expect(throws: ChurnError.self) { try ModelTrainer(options: TrainingOptions(learningRate: .nan)) }
    }

    @Test("cross-validation measures every fold of every repetition on customers left out")
    func crossValidation() async throws {
        let data = try TrainingData(customers: Fixture.customers(600), domain: .telco)
        let columns = [
            FoldColumn(name: "a", folds: (0..<600).map { $0 % 3 }),
            FoldColumn(name: "b", folds: (0..<600).map { $0 % 2 }),
        ]
        var options = Fixture.options
        options.maximumRounds = 20
        let result = try await ModelTrainer(options: options).crossValidate(data, foldColumns: columns)
        #expect(result.folds.map(\.column) == ["a", "a", "a", "b", "b"])
        #expect(result.folds.map(\.number) == [0, 1, 2, 0, 1])
        #expect(result.folds.map(\.metrics.rows) == [200, 200, 200, 300, 300])
        #expect(result.columns == ["a", "b"])
        #expect(result.mean(\.auc) > 0.7)
    }

    @Test(
        "the public Telco file gives a model with an AUC above 0.83",
        .enabled(
            if: ProcessInfo.processInfo.environment["CHURN_TELCO_CSV"] != nil,
            "set CHURN_TELCO_CSV to the public Telco churn CSV to run this test"))
    func telco() async throws {
        let path = try #require(ProcessInfo.processInfo.environment["CHURN_TELCO_CSV"])
        let data = try TrainingData.read(path: path, domain: .telco)
        #expect(data.count == 7_043)
        #expect(try await ModelTrainer().train(data).manifest.metrics.auc > 0.83)
    }
}
