import ChurnCore
import Foundation

/// The text of a file that people write for churnd: of a bounded size, and UTF-8.
enum ConfigurationText {
    /// The most bytes that a file may hold.
    static let maximumBytes = 1 << 20

    /// Reads the file at a path.
    static func read(_ path: String) throws(ConfigurationError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try RegularFile.bytes(at: path, atMost: Self.maximumBytes + 1)
        } catch .otherKind {
            throw Self.fault(path, "this is a folder, a pipe or a device", "name a file")
        } catch {
            let advice = FileDescriptors.areExhausted ? FileDescriptors.advice : "check that it exists and may be read"
            throw Self.fault(path, "the file cannot be read", advice)
        }
        return try Self.decode(Data(bytes), of: path)
    }

    /// Reads a file's bytes.
    static func decode(_ bytes: Data, of path: String) throws(ConfigurationError) -> String {
        guard bytes.count <= Self.maximumBytes else {
            throw Self.fault(path, "the file is larger than \(Self.maximumBytes) bytes", "name another file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.fault(path, "the file is not UTF-8 text", "save it as UTF-8")
        }
        return text
    }

    private static func fault(_ path: String, _ problem: String, _ advice: String) -> ConfigurationError {
        ConfigurationError(faults: [ConfigurationFault(source: path, problem: problem, advice: advice)])
    }
}
