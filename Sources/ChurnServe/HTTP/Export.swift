import ChurnCore
import HTTPTypes
import Hummingbird
import NIOCore

/// The form of an export.
enum ExportFormat: String, CaseIterable, Sendable {
    /// Comma-separated values with a line of names.
    case csv
    /// One JSON object a line.
    case ndjson

    var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .ndjson: "application/x-ndjson"
        }
    }

    /// Asks for one of the forms.
    static let parameter = Parameter<ExportFormat?>.choice("format", "The form of the file.", default: .csv)
}

/// A cell of an export.
enum ExportCell: Sendable {
    case missing
    case text(String)
    case number(Double)
    case integer(Int64)
    case flag(Bool)
    /// A value that is JSON already.
    case json([UInt8])

    init(_ value: FeatureValue) {
        switch value {
        case .missing: self = .missing
        case .number(let number): self = .number(number)
        case .text(let text): self = .text(text)
        case .boolean(let flag): self = .flag(flag)
        }
    }

    init(_ text: String?) { self = text.map(Self.text) ?? .missing }
    init(_ number: Double?) { self = number.map(Self.number) ?? .missing }
}

/// A table that is read page by page while it is written: memory holds one page, whatever the table's size.
///
/// The next page is read when the client has taken the one before. A failure after the first page cuts the connection
/// without the body's end, so that no client takes a part for the whole.
struct Export<Place: Sendable>: Sendable {
    /// A stretch of the table.
    struct Page: Sendable {
        var rows: [[ExportCell]]
        /// The start of the next page; nil where there is none.
        var next: Place?
    }

    /// The file's name without its ending.
    var name: String
    var format: ExportFormat
    var columns: [String]
    /// The time that reading a page may take.
    var deadline: Duration
    /// The places for exports at the same time.
    var places: ExportPlaces
    /// Reads the page that begins at a place; nil for the first.
    var read: @Sendable (Place?) async throws -> Page

    /// The answer; the first page is read before, so that a store that is away has its status.
    ///
    /// - Throws: ``Problem/tooManyExports``, and what reading throws.
    func response() async throws -> Response {
        let place = try self.places.take()
        let first = try await self.page(at: nil)
        return Response(
            status: .ok,
            headers: [
                .contentType: self.format.contentType,
                .contentDisposition: "attachment; filename=\"\(self.name).\(self.format.rawValue)\"",
            ],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                var page = first
                var text = self.header + self.text(of: page.rows)
                while true {
                    // An empty part would be the end of a chunked body.
                    if !text.isEmpty { try await writer.write(ByteBuffer(bytes: text)) }
                    guard let place = page.next else { break }
                    page = try await self.page(at: place)
                    text = self.text(of: page.rows)
                }
                try await writer.finish(nil)
            })
    }

    private func page(at place: Place?) async throws -> Page {
        try await withDeadline(self.deadline) { try await self.read(place) }
    }

    private var header: [UInt8] {
        guard self.format == .csv else { return [] }
        // Without a mark spreadsheets take UTF-8 for the encoding of their system; our own reader skips it.
        var csv = CSVText(withByteOrderMark: true)
        for column in self.columns { csv.cell(column) }
        csv.endLine()
        return csv.bytes
    }

    private func text(of rows: [[ExportCell]]) -> [UInt8] {
        switch self.format {
        case .csv:
            var csv = CSVText()
            for row in rows {
                for cell in row { csv.add(cell) }
                csv.endLine()
            }
            return csv.bytes
        case .ndjson:
            var bytes: [UInt8] = []
            for row in rows {
                var json = JSONWriter()
                json.object { json in for (name, cell) in zip(self.columns, row) { json.field(name, cell) } }
                bytes += json.bytes
                bytes.append(0x0A)
            }
            return bytes
        }
    }
}

extension CSVText {
    fileprivate mutating func add(_ cell: ExportCell) {
        switch cell {
        case .missing: self.raw("")
        case .text(let text): self.cell(text)
        case .number(let number): self.raw(Self.text(of: number))
        case .integer(let number): self.raw("\(number)")
        case .flag(let flag): self.raw(flag ? "true" : "false")
        case .json(let bytes): self.cell(String(decoding: bytes, as: UTF8.self))
        }
    }
}

extension CSVText {
    /// A number as a person writes it: a whole one without a fraction of zero.
    fileprivate static func text(of number: Double) -> String {
        guard number.isFinite else { return "" }
        // Beyond 2^53 not every whole number is a double, and digits would claim what is not known.
        guard abs(number) < 9_007_199_254_740_992, let whole = Int64(exactly: number) else { return "\(number)" }
        return "\(whole)"
    }
}

extension JSONWriter {
    fileprivate mutating func field(_ name: String, _ cell: ExportCell) {
        switch cell {
        case .missing: self.field(name, Double?.none)
        case .text(let text): self.field(name, text)
        case .number(let number): self.field(name, number)
        case .integer(let number): self.field(name, number)
        case .flag(let flag): self.field(name, flag)
        case .json(let bytes): self.field(name, json: bytes)
        }
    }
}
