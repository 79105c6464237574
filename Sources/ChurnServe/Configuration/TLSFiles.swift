/// The files of a server's certificate and its key.
public struct TLSFiles: Hashable, Sendable {
    /// A file of certificates in PEM: the server's own first, then those that signed it.
    public var certificates: String
    /// A file with the certificate's private key in PEM.
    public var key: String

    /// Creates a pair of files.
    public init(certificates: String, key: String) {
        self.certificates = certificates
        self.key = key
    }
}
