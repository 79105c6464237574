import Foundation
import Logging
import Testing

@testable import ChurnCore

/// A log that is kept as text.
private struct KeptLog: LogHandler {
    let lines = Locked<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        self.lines.withLock { $0.append("\(event.level) \(event.message) \(metadata.joined(separator: " "))") }
    }
}

@Suite("A health board") struct HealthBoardTests {
    private let kept = KeptLog()
    private let board: HealthBoard

    init() {
        let kept = self.kept
        self.board = HealthBoard(logger: Logger(label: "test") { _ in kept }) { "\($1) (\($0))" }
    }

    private var lines: [String] { self.kept.lines.withLock { $0 } }

    @Test("logs the first failure with reason and advice, and that it works again")
    func outage() {
        self.board.report("database", .starting)
        self.board.report("database", .healthy)
        #expect(self.lines.isEmpty)
        let failing = ComponentHealth.failing(reason: "away", advice: "start it")
        for _ in 0..<3 { self.board.report("database", failing, code: .storeUnavailable) }
        #expect(
            self.lines == [
                "warning Does not work churn.advice=start it (storeUnavailable) churn.component=database "
                    + "churn.reason=away"
            ])
        // A component that begins again is not well yet.
        self.board.report("database", .starting)
        #expect(self.lines.count == 1)
        self.board.report("database", .healthy)
        self.board.report("database", .healthy)
        #expect(self.lines.dropFirst() == ["notice Working again after 1 s churn.component=database"])
    }

    @Test("logs what is degraded too, and each component by itself")
    func components() {
        self.board.report("a", .degraded(reason: "old", advice: "renew"))
        self.board.report("b", .failing(reason: "gone", advice: "look"))
        self.board.report("b", .healthy)
        #expect(self.lines.map { $0.split(separator: " ").first } == ["warning", "warning", "notice"])
        #expect(self.lines[2].hasSuffix("churn.component=b"))
    }

    @Test("reminds of what lasts once a minute, also where the component says nothing")
    func reminder() {
        self.board.report("source", .failing(reason: "away", advice: "start it"))
        let start = ContinuousClock.now
        for second in [1, 30, 59] { self.board.remind(at: start + .seconds(second)) }
        #expect(self.lines.count == 1)
        self.board.remind(at: start + .seconds(61))
        self.board.remind(at: start + .seconds(62))
        #expect(self.lines.count == 2)
        #expect(self.lines[1].contains("churn.seconds=61"))
        self.board.report("source", .failing(reason: "away", advice: "start it"))
        #expect(self.lines.count == 2)
        self.board.report("source", .healthy)
        self.board.remind(at: start + .seconds(500))
        #expect(self.lines.count == 3)
    }

    @Test("logs each of a few reasons between which a component changes once in a minute")
    func reasons() {
        for reason in ["a", "b", "a", "b", "c", "d", "e", "f"] {
            self.board.report("x", .failing(reason: reason, advice: ""))
        }
        #expect(self.lines.count == 4)
    }
}

@Suite("A regular file") struct RegularFileTests {
    @Test("is read as far as it is asked for, and a pipe or a folder is not waited for", .timeLimit(.minutes(1)))
    func kinds() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "churn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "file")
        try Data(repeating: 7, count: 10_000).write(to: file)
        #expect(try RegularFile.bytes(at: file.path, atMost: 20_000).count == 10_000)
        #expect(try RegularFile.bytes(at: file.path, atMost: 100) == [UInt8](repeating: 7, count: 100))
        let link = folder.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        #expect(try RegularFile.bytes(at: link.path, atMost: 1) == [7])
        let pipe = folder.appending(path: "pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        for path in [pipe.path, folder.path] {
            #expect(throws: RegularFile.Fault.otherKind) { try RegularFile.check(path) }
        }
        #expect(throws: RegularFile.Fault.unreadable) { try RegularFile.check(folder.path + "/none") }
        #expect(RegularFile.isFolder(folder.path) && !RegularFile.isFolder(file.path))
    }
}
