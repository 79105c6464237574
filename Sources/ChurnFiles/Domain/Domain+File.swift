public import ChurnCore

extension Domain {
    /// The largest domain file that is read.
    public static let maximumFileBytes = 1 << 20

    /// Reads a domain from the text of a domain file, and checks it as a whole.
    ///
    /// - Parameter file: the file's name, for error messages.
    /// - Throws: a ``DomainFileError`` with all faults at once, each with its line.
    public init(yaml: String, file: String = "domain file") throws {
        let reader = DomainFileReader()
        let domain = reader.read(yaml)
        guard let domain, reader.faults.isEmpty else {
            throw DomainFileError(file: file, faults: reader.sortedFaults)
        }
        self = domain
    }

    /// Reads a domain from a file, and checks it as a whole.
    ///
    /// - Throws: a ``DomainFileError`` with all faults at once, or a ``ChurnError`` with code `invalidFile` where the
    ///   file cannot be read.
    public static func load(path: String) throws -> Domain {
        let bytes: [UInt8]
        do {
            bytes = try RegularFile.bytes(at: path, atMost: Self.maximumFileBytes + 1)
        } catch {
            throw ChurnError.outOfDescriptors(during: "read domain file", underlying: error)
                ?? ChurnError(
                    .invalidFile, .fatal, during: "read domain file",
                    advice: error == .otherKind
                        ? "the domain file \(path) is a folder, a pipe or a device; name a file"
                        : "the domain file \(path) cannot be read; check that it exists and may be read",
                    underlying: error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ChurnError(
                .invalidFile, .fatal, during: "read domain file",
                advice: "the domain file \(path) is not UTF-8 text; save it as UTF-8")
        }
        return try Domain(yaml: text, file: path)
    }
}
