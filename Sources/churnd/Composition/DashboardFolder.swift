import ChurnCore
import ChurnServe
import Foundation
import Logging

/// The folder of the built dashboard.
enum DashboardFolder {
    /// The dashboard of the folder that is named, or of the first usual place that has one; nil where none has.
    static func bundle(named name: String?, logger: Logger) throws -> DashboardBundle? {
        if let name { return try DashboardBundle(at: name) }
        for folder in self.usualPlaces(of: Bundle.main.executableURL) {
            guard FileManager.default.fileExists(atPath: folder + "/index.html") else { continue }
            return try DashboardBundle(at: folder)
        }
        logger.debug(
            "No dashboard is built here; a small page replaces it",
            metadata: ["churn.advice": "\(CommandAdvice.text(.noDashboard, "build one, or name its folder"))"])
        return nil
    }

    /// Beside the program, and for a program that lies where SwiftPM built it, where `Scripts/dashboard.sh` builds.
    ///
    /// Never below the working directory: what is served does not depend on where the program is started.
    static func usualPlaces(of program: URL?) -> [String] {
        guard let program = program?.resolvingSymlinksInPath() else { return [] }
        let beside = program.deletingLastPathComponent().appendingPathComponent("dashboard").path
        guard let build = program.path.range(of: "/.build/") else { return [beside] }
        return [beside, program.path[..<build.lowerBound] + "/Dashboard/dist"]
    }
}
