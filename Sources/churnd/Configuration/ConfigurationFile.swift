import ChurnCore
import ChurnFiles
import Foundation
import Yams

/// A configuration file in YAML: read once, its keys checked against the list, each fault with its line.
struct ConfigurationFile {
    /// The texts of the keys that have one, by name; those beside a fault too.
    private(set) var values: [String: String] = [:]
    /// The faults in the file.
    private(set) var faults: [ConfigurationFault] = []
    /// The line of each key in the file.
    private(set) var lines: [String: Int] = [:]

    private let path: String

    /// Reads the file at a path.
    init(path: String) {
        self.path = path
        do {
            self.read(try ConfigurationText.read(path))
        } catch {
            self.faults = error.faults
        }
    }

    /// Reads the bytes of a file.
    init(path: String, bytes: Data) {
        self.path = path
        do {
            self.read(try ConfigurationText.decode(bytes, of: path))
        } catch {
            self.faults = error.faults
        }
    }

    private mutating func read(_ text: String) {
        do {
            // A file that sets nothing is fine.
            guard let root = try YamlDocument.compose(text), root.scalar?.string != "" else { return }
            self.check(root, below: [])
        } catch {
            self.fault(error.line, error.problem, error.advice)
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
            if let first = self.lines[name] {
                return self.fault(line, "`\(name)` is there already, in line \(first)", "keep one of them")
            }
            self.lines[name] = line
            guard let scalar = value.scalar else {
                return self.fault(line, "`\(name)` is not a single value", "write one value after the colon")
            }
            if scalar.style == .plain, ["", "~", "null"].contains(scalar.string) {
                return self.fault(line, "`\(name)` has no value", "give one, or take the line out")
            }
            self.values[name] = scalar.string
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
