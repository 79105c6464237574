import Foundation

/// A configuration file for a test, gone with its last use.
final class ConfigurationSample {
    let path: String

    init(_ text: String) throws {
        let folder = FileManager.default.temporaryDirectory
        self.path = folder.appendingPathComponent("churn-\(UUID().uuidString).yaml").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.path))
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }
}
