#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that has bytes of its own, be it by a link: no pipe, device, socket or folder.
///
/// Opening a pipe would wait until someone writes to it, so what is meant to be such a file is looked at first.
package enum RegularFile {
    /// The reason why a file cannot be read.
    package enum Fault: Error {
        /// It is not there, or may not be read.
        case unreadable
        /// It is something else.
        case otherKind
    }

    /// Reads a file from its beginning, at most this many bytes of it.
    package static func bytes(at path: String, atMost maximum: Int) throws(Fault) -> [UInt8] {
        // Without O_NONBLOCK a pipe would be waited for before its kind is known.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .otherKind }
        var bytes = [UInt8](repeating: 0, count: min(maximum, max(0, Int(status.st_size)) + 1))
        var filled = 0
        while filled < maximum {
            if filled == bytes.count { bytes += [UInt8](repeating: 0, count: min(bytes.count, maximum - filled)) }
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable }
            guard count > 0 else { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    /// Checks that a file can be read, for those who hand its path to a library.
    package static func check(_ path: String) throws(Fault) { _ = try self.bytes(at: path, atMost: 1) }

    /// Returns whether a folder is there.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
