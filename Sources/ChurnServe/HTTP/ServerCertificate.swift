import ChurnCore
import Logging
import NIOSSL

/// The certificate that new connections are shown, read again when its files change.
///
/// Connections that are open keep the one that they began with. Files that cannot be used, such as a certificate whose
/// key has not been replaced yet, leave the certificate as it is and are tried again at the next look.
final class ServerCertificate: Sendable {
    private struct State {
        var context: NIOSSLContext
        /// The files as they were when they were last read well.
        var stamps: [FileStamp]
    }

    private let files: TLSFiles
    private let logger: Logger
    private let state: Locked<State>

    /// Reads the files.
    ///
    /// - Throws: ``/ChurnCore/ChurnError`` when they cannot be used.
    init(_ files: TLSFiles, logger: Logger) throws {
        self.files = files
        self.logger = logger
        let stamps = Self.stamps(of: files)
        self.state = Locked(State(context: try NIOSSLContext.server(files), stamps: stamps))
    }

    var context: NIOSSLContext { self.state.withLock { $0.context } }

    /// Reads the files again where they changed.
    func refresh() {
        // Taken before they are read: what changes meanwhile is seen at the next look.
        let stamps = Self.stamps(of: self.files)
        guard self.state.withLock({ $0.stamps }) != stamps else { return }
        do {
            let context = try NIOSSLContext.server(self.files)
            self.state.withLock { $0 = State(context: context, stamps: stamps) }
            self.logger.info("A new certificate is used")
        } catch {
            let isShort = (error as? ChurnError)?.code == .outOfDescriptors
            self.logger.log(
                level: isShort ? .warning : .debug, "The certificate's files changed and cannot be used yet",
                metadata: ["churn.error": "\(error)"])
        }
    }

    /// Looks at the files from time to time until the task is cancelled.
    func watch(every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil { self.refresh() }
    }

    private static func stamps(of files: TLSFiles) -> [FileStamp] {
        [FileStamp(path: files.certificates), FileStamp(path: files.key)]
    }
}
