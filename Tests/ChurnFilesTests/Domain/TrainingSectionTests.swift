import ChurnCore
import ChurnFiles
import Testing

@Suite("The domain file's training section")
struct TrainingSectionTests {
    private func domain(_ training: String) throws -> Domain {
        try Domain(yaml: DomainDamage.valid + "\n" + training, file: "gym.yaml")
    }

    @Test("says how models are trained; what it leaves out stays open")
    func reads() throws {
        let settings = try self.domain(
            """
            training:
              folds: 4
              depth: 3
              learning_rate: 0.1
              class_weight: balanced
              calibration: isotonic
              monotone: {Visits: decreasing, "City=Paris": increasing, plan: increasing}
              search: {method: grid, trials: 12, depth: [2, 3], learning_rate: [0.05]}
            """
        ).training
        #expect(settings.folds == 4)
        #expect(settings.depth == 3)
        #expect(settings.learningRate == 0.1)
        #expect(settings.classWeight == .balanced)
        #expect(settings.calibration == .isotonic)
        #expect(settings.monotone == ["Visits": .decreasing, "City=Paris": .increasing, "plan": .increasing])
        #expect(settings.search?.method == .grid)
        #expect(settings.search?.budget == .trials(12))
        #expect(settings.search?.space.depth == [2, 3])
        #expect(settings.search?.space.learningRate == [0.05])
        #expect(settings.rounds == nil && settings.rowShare == nil)
        #expect(try Domain(yaml: DomainDamage.valid).training == TrainingSettings())
    }

    @Test(
        "with a fault is refused with the fault's line",
        arguments: [
            ("training: [1]", "training is not a mapping"),
            ("training: {dept: 3}", "did you mean `depth`?"),
            ("training: {depth: 2.5}", "training.depth is not a whole number in its range; give 1 to 16"),
            ("training: {depth: many}", "training.depth is not a number"),
            ("training: {row_share: 1.5}", "training.row_share is out of range"),
            ("training: {class_weight: heavy}", "training.class_weight is not a number"),
            ("training: {calibration: plat}", "did you mean `platt`?"),
            ("training: {monotone: {Vistis: increasing}}", "did you mean `Visits`?"),
            ("training: {monotone: {Visits: up}}", "the direction of Visits is `up`"),
            ("training: {monotone: {City: increasing}}", "City is one-hot and has no order"),
            ("training: {search: {trials: 3, seconds: 9}}", "two budgets"),
            ("training: {search: {trials: 0}}", "training.search.trials"),
            ("training: {search: {depth: 3}}", "training.search.depth is not a list"),
        ])
    func refuses(_ section: String, _ says: String) throws {
        let error = try #require(throws: DomainFileError.self) { try self.domain(section) }
        let fault = try #require(error.faults.first { $0.description.contains(says) }, "\(error)")
        #expect(fault.line == 20)
    }
}
