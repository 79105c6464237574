import ChurnCore
import Configuration
import Foundation
import Yams

/// A configuration file in YAML: read once, its keys checked against the list, each fault with its line.
struct ConfigurationFile {
    /// What the file says, for reading; nil where it has faults.
    private(set) var snapshot: (any ConfigSnapshot)?
    /// What is wrong with it.
    private(set) var faults: [ConfigurationFault] = []
    /// Where each key stands in the file.
    private(set) var lines: [String: Int] = [:]

    private static let maximumBytes = 1 << 20
    private let path: String

    /// Reads the file at a path.
    init(path: String) {
        self.path = path
        let bytes: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            bytes = try file.read(upToCount: Self.maximumBytes + 1) ?? Data()
        } catch {
            self.fault(nil, "the file cannot be read", "check that it exists and may be read")
            return
        }
        self.read(bytes)
    }

    /// Reads the bytes of a file.
    init(path: String, bytes: Data) {
        self.path = path
        self.read(bytes)
    }

    private mutating func read(_ bytes: Data) {
        guard bytes.count <= Self.maximumBytes else {
            return self.fault(nil, "the file is larger than \(Self.maximumBytes) bytes", "name another file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return self.fault(nil, "the file is not UTF-8 text", "save it as UTF-8")
        }
        if let line = YamlAliases.firstLine(in: text) {
            return self.fault(
                line, "aliases (`&name`, `*name`) are not supported",
                "write the value out, or quote a text that begins with & or *")
        }
        do {
            // A file that sets nothing is fine.
            guard let root = try Yams.compose(yaml: text), root.scalar?.string != "" else { return }
            self.check(root, below: [])
            guard self.faults.isEmpty else { return }
            self.snapshot = try YAMLSnapshot(
                data: bytes.bytes, providerName: self.path, parsingOptions: .init(secretsSpecifier: .all))
        } catch {
            let found = YamlProblem(error, in: text)
            self.fault(found.line, found.problem, found.advice)
        }
    }

    private mutating func check(_ node: Node, below parents: [String]) {
        guard let mapping = node.mapping else {
            let place = parents.isEmpty ? "the file" : "`\(parents.joined(separator: "."))`"
            return self.fault(node.mark?.line, "\(place) is not a section", "write `key: value` lines below it")
        }
        for (key, value) in mapping {
            let line = key.mark?.line
            guard let name = key.scalar?.string else {
                self.fault(line, "a key is not a text", "write `key: value` lines")
                continue
            }
            self.check(value, at: parents + [name], line: line)
        }
    }

    private mutating func check(_ value: Node, at path: [String], line: Int?) {
        let name = path.joined(separator: ".")
        if name == ConfigurationKey.file.name {
            self.fault(line, "a file cannot name another file", "take `\(name)` out")
        } else if ConfigurationKey.all.contains(where: { $0.name == name }) {
            self.lines[name] = line
            guard let scalar = value.scalar else {
                return self.fault(line, "`\(name)` is not a single value", "write one value after the colon")
            }
            if scalar.style == .plain, ["", "~", "null"].contains(scalar.string) {
                self.fault(line, "`\(name)` has no value", "give one, or take the line out")
            }
        } else if ConfigurationKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) {
            self.check(value, below: path)
        } else {
            let near = ClosestName.of(name, in: ConfigurationKey.all.map(\.name))
            self.fault(
                line, "unknown key `\(name)`",
                near.map { "did you mean `\($0)`?" } ?? "the documentation lists all keys (Docs/configuration.md)")
        }
    }

    private mutating func fault(_ line: Int?, _ problem: String, _ advice: String) {
        let source = line.map { "\(self.path):\($0)" } ?? self.path
        self.faults.append(ConfigurationFault(source: source, problem: problem, advice: advice))
    }
}
