import ChurnCore
import Logging
import NIOSSL

/// The certificate that new connections are shown, read again when its files change.
///
/// Connections that are open keep the one that they began with. Files that cannot be used, such as a certificate whose
/// key has not been replaced yet, leave the certificate as it is and are tried again at the next look.
final class ServerCertificate: Sendable {
    /// The component's name on the health board.
    static let component = "certificate"

    private struct State {
        var context: NIOSSLContext
        /// The time from which and until which the certificate is valid, in seconds since 1970.
        var validity: Range<Int64>?
        /// The reason why the files as they are now cannot be used; nil where they can.
        var fault: (any Error)?
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
        let context = try NIOSSLContext.server(files)
        self.state = Locked(State(context: context, validity: Self.validity(files), stamps: stamps))
    }

    var context: NIOSSLContext { self.state.withLock { $0.context } }

    /// Reads the files again where they changed.
    func refresh() {
        // Taken before they are read: what changes meanwhile is seen at the next look.
        let stamps = Self.stamps(of: self.files)
        let isRead = self.state.withLock { state in
            guard state.stamps == stamps else { return false }
            // The files may have been away meanwhile.
            state.fault = nil
            return true
        }
        guard !isRead else { return }
        do {
            let context = try NIOSSLContext.server(self.files)
            let validity = Self.validity(self.files)
            self.state.withLock { $0 = State(context: context, validity: validity, stamps: stamps) }
            self.logger.info("A new certificate is used")
        } catch {
            self.state.withLock { $0.fault = error }
        }
    }

    /// The health at a time, in seconds since 1970.
    ///
    /// At worst degraded: what a client makes of an old certificate is its own business, and another process of the
    /// same files would do no better.
    func health(at now: Int64) -> ComponentHealth {
        let (validity, fault) = self.state.withLock { ($0.validity, $0.fault) }
        if let fault {
            return .degraded(
                fault, "the certificate's files changed and cannot be used", keeps: "the one before is used")
        }
        guard let validity else { return .healthy }
        let renewal = "replace the files; they are read again by themselves"
        if now >= validity.upperBound { return .degraded(reason: "the certificate has expired", advice: renewal) }
        if now < validity.lowerBound {
            return .degraded(
                reason: "the certificate is not valid yet", advice: "check this machine's clock, or replace the files")
        }
        let left = validity.upperBound - now
        guard left < min(Self.longestWarning, Int64(validity.count) / 10) else { return .healthy }
        return .degraded(reason: "the certificate expires in \(left / 3_600) hours", advice: renewal)
    }

    /// Looks at the files from time to time until the task is cancelled.
    func watch(every interval: Duration, health board: HealthBoard) async {
        repeat {
            self.refresh()
            let now = Timestamp.systemNow().microseconds / 1_000_000
            board.report(
                Self.component, self.health(at: now),
                code: self.state.withLock { ($0.fault as? ChurnError)?.code })
        } while (try? await Task.sleep(for: interval)) != nil
    }

    /// Two weeks; less for a certificate that lives for a short time only.
    private static let longestWarning: Int64 = 14 * 86_400

    private static func validity(_ files: TLSFiles) -> Range<Int64>? {
        guard let own = try? NIOSSLCertificate.fromPEMFile(files.certificates).first else { return nil }
        let (from, to) = (Int64(own.notValidBefore), Int64(own.notValidAfter))
        return from <= to ? from..<to : nil
    }

    private static func stamps(of files: TLSFiles) -> [FileStamp] {
        [FileStamp(path: files.certificates), FileStamp(path: files.key)]
    }
}
