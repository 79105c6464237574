import ChurnCore
import ChurnMemory
import ChurnModel
import Foundation
import Logging

/// The model of the demo: trained once on simulated customers, then kept in the user's cache folder.
enum DemoModel {
    /// The number of simulated customers that the model learns from.
    private static let trainingCustomers = 8_000

    /// Loads the kept model, or trains it where there is none that can be used.
    ///
    /// - Parameter path: a bundle that the user named; it is loaded and never replaced.
    static func load(
        at path: String?, for domain: Domain, population: CustomerPopulation, logger: Logger
    ) async throws -> XGBoostPredictor {
        if let path { return try await XGBoostPredictor.load(at: path, for: domain) }
        let kept = self.cachePath
        if FileManager.default.fileExists(atPath: kept) {
            do {
                return try await XGBoostPredictor.load(at: kept, for: domain)
            } catch {
                logger.notice("The kept demo model cannot be used and is trained again")
            }
        }
        print("Training the demo model on \(self.trainingCustomers) simulated customers ...")
        fflush(nil)
        let data = try TrainingData(customers: population.customers(self.trainingCustomers), domain: domain)
        let bundle = try await ModelTrainer().train(data)
        print("Trained model \(bundle.manifest.version).")
        do {
            try bundle.write(to: kept)
        } catch {
            logger.notice("The demo model cannot be kept; the next start trains again")
        }
        return XGBoostPredictor(bundle: bundle)
    }

    private static var cachePath: String {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? NSTemporaryDirectory()) + "/.cache"
        return home + "/churn/demo-model"
    }
}
