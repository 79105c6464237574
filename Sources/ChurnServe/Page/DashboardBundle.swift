import ChurnCore
import Crypto
import Foundation
import NIOCore

/// The dashboard as it was built: a page and what it loads, read into memory once.
///
/// A request names an entry of a table and never a path, so no request reaches another file.
public struct DashboardBundle: Sendable {
    /// One file in the forms in which it is sent.
    struct File: Sendable {
        var type: String
        var plain: ByteBuffer
        /// The same, compressed with gzip when it was built; nil where it was not.
        var compressed: ByteBuffer?
        /// Changes with the content, whatever form is sent.
        var tag: String
    }

    /// More than any build of ours: a folder that holds more is not one.
    private static let maximumBytes = 32 * 1024 * 1024

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "woff2": "font/woff2", "webmanifest": "application/manifest+json",
    ]

    /// The media types of files, without their parameters.
    static let mediaTypes = Set(types.values.map { String($0.prefix { $0 != ";" }) }).sorted(by: >)

    /// The page that every address of the dashboard answers.
    let page: File
    /// The files that the page loads, by name; a name has the content's digest in it.
    let assets: [String: File]

    /// Reads a built dashboard.
    ///
    /// - Parameter folder: holds `index.html` and `assets`.
    /// - Throws: ``/ChurnCore/ChurnError`` when there is no page, or a file cannot be read.
    public init(at folder: String) throws {
        var budget = Self.maximumBytes
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        let assets = root.appendingPathComponent("assets", isDirectory: true)
        do {
            guard let page = try Self.file(root.appendingPathComponent("index.html"), budget: &budget) else {
                throw Self.unreadable(folder)
            }
            self.page = page
            var found: [String: File] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: assets.path) {
                found[name] = try Self.file(assets.appendingPathComponent(name), budget: &budget)
            }
            self.assets = found
        } catch let error as ChurnError {
            throw error
        } catch {
            throw Self.unreadable(folder)
        }
    }

    /// nil for what is never served: other kinds of files, and the compressed forms by themselves.
    private static func file(_ url: URL, budget: inout Int) throws -> File? {
        guard let type = self.types[url.pathExtension] else { return nil }
        let plain = try self.bytes(url)
        let compressed = try? self.bytes(url.appendingPathExtension("gz"))
        budget -= plain.count + (compressed?.count ?? 0)
        guard budget >= 0 else { throw self.unreadable(url.deletingLastPathComponent().path) }
        return File(
            type: type, plain: ByteBuffer(bytes: plain), compressed: compressed.map { ByteBuffer(bytes: $0) },
            tag: self.tag(of: plain))
    }

    /// The tag of a content, whatever form is sent.
    static func tag(of content: Data) -> String {
        let digest = SHA256.hash(data: content).prefix(12).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "W/\"\(digest.joined())\""
    }

    private static func bytes(_ url: URL) throws -> Data {
        Data(try RegularFile.bytes(at: url.path, atMost: self.maximumBytes + 1))
    }

    private static func unreadable(_ folder: String) -> ChurnError {
        ChurnError(
            .noDashboard, .fatal, during: "read the dashboard",
            advice: "\(folder) holds no dashboard that can be read; build one, or name its folder")
    }
}
