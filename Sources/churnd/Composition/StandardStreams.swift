import ChurnCore
import Foundation

/// Standard output for what other programs read.
enum StandardOutput {
    /// Whoever read it has gone, as `head` does when it has enough.
    struct ReaderGone: Error {}

    /// Writes bytes, as many as there are.
    static func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(STDOUT_FILENO, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EPIPE {
                throw ReaderGone()
            } else if errno != EINTR {
                throw ChurnError(
                    .invalidFile, .fatal, during: "write to standard output",
                    advice: "it cannot be written; check the disk or the program that reads it")
            }
        }
    }
}

/// Standard error for what a person reads.
enum StandardError {
    /// Writes a text, or nothing where no one reads it any more: that ends no work.
    static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
