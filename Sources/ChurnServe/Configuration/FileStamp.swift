import Foundation

/// A stamp that shows that a file was replaced or written, without reading it.
struct FileStamp: Equatable, Sendable {
    private var modified: Date?
    private var size: UInt64?
    private var number: UInt64?

    /// Looks at a file; one that is not there has a stamp too.
    init(path: String) {
        // The path is followed to its end, for orchestrators replace files by changing links.
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let found = try? FileManager.default.attributesOfItem(atPath: real)
        self.modified = found?[.modificationDate] as? Date
        self.size = (found?[.size] as? NSNumber)?.uint64Value
        self.number = (found?[.systemFileNumber] as? NSNumber)?.uint64Value
    }
}
