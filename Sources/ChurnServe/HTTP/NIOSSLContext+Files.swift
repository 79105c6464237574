import ChurnCore
import NIOSSL

extension NIOSSLContext {
    /// TLS of version 1.2 or later with a certificate from files.
    ///
    /// - Throws: ``/ChurnCore/ChurnError`` when a file cannot be read or the key is not the certificate's.
    static func server(_ files: TLSFiles) throws -> NIOSSLContext {
        // The library would wait for whoever writes to a pipe.
        for path in [files.certificates, files.key] {
            do { try RegularFile.check(path) } catch { throw self.fault("\(path) cannot be read, or is no file") }
        }
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificates).map { .certificate($0) }
        } catch {
            throw self.fault("\(files.certificates) cannot be read, or holds no certificates in PEM")
        }
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw self.fault("\(files.key) cannot be read, or holds no private key in PEM without a password")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw self.fault("the key of \(files.key) is not that of the first certificate of \(files.certificates)")
        }
    }

    private static func fault(_ what: String) -> ChurnError {
        ChurnError.outOfDescriptors(during: "set up TLS")
            ?? ChurnError(.invalidConfiguration, .fatal, during: "set up TLS", advice: what)
    }
}
