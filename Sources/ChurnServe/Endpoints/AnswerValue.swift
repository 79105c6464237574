import ChurnCore

/// A value that a field of an answer can have: how it is described, written as JSON, and shown in a cell of a table.
protocol AnswerValue: Sendable {
    static var schema: Schema { get }
    var cell: ExportCell { get }
    /// Writes the value alone.
    func write(to json: inout JSONWriter)
}

extension String: AnswerValue {
    static var schema: Schema { .string }
    var cell: ExportCell { .text(self) }
    func write(to json: inout JSONWriter) { json.value(self) }
}

extension Int64: AnswerValue {
    static var schema: Schema { .raw(type: "integer", ["format": #""int64""#]) }
    var cell: ExportCell { .integer(self) }
    func write(to json: inout JSONWriter) { json.value(self) }
}

extension Int: AnswerValue {
    static var schema: Schema { .integer() }
    var cell: ExportCell { .integer(Int64(self)) }
    func write(to json: inout JSONWriter) { json.value(Int64(self)) }
}

extension Double: AnswerValue {
    static var schema: Schema { .number() }
    var cell: ExportCell { .number(self) }
    func write(to json: inout JSONWriter) { json.value(self) }
}

extension Bool: AnswerValue {
    static var schema: Schema { .boolean }
    var cell: ExportCell { .flag(self) }
    func write(to json: inout JSONWriter) { json.value(self) }
}

extension Timestamp: AnswerValue {
    static var schema: Schema { .time }
    var cell: ExportCell { .text(self.iso8601) }
    func write(to json: inout JSONWriter) { json.value(self) }
}

extension FeatureValue: AnswerValue {
    static var schema: Schema { .anyOf([.string, .number(), .boolean, Schema.null]) }
    var cell: ExportCell { ExportCell(self) }
    func write(to json: inout JSONWriter) { json.value(self) }
}

extension Optional: AnswerValue where Wrapped: AnswerValue {
    static var schema: Schema { Wrapped.schema.orNull() }
    var cell: ExportCell { self?.cell ?? .missing }
    func write(to json: inout JSONWriter) {
        guard let self else { return json.value(String?.none) }
        self.write(to: &json)
    }
}

extension Array: AnswerValue where Element == String {
    static var schema: Schema { .array(of: .string) }
    var cell: ExportCell { .missing }
    func write(to json: inout JSONWriter) { json.array(self) { $0.value($1) } }
}

/// An amount of money, written with its two decimals.
struct Money: AnswerValue {
    var amount: Double

    init(_ amount: Double) { self.amount = amount }

    static var schema: Schema { .number() }
    var cell: ExportCell { .number(self.amount) }
    func write(to json: inout JSONWriter) { json.value(money: self.amount) }
}

/// An object that is JSON text already.
struct JSONBytes: AnswerValue {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static var schema: Schema { .object() }
    var cell: ExportCell { .json(self.bytes) }
    func write(to json: inout JSONWriter) { json.value(json: self.bytes) }
}

/// One of an enumeration's names.
///
/// Where a type conforms, its names are the schema's.
protocol NamedAnswerValue: AnswerValue, RawRepresentable, CaseIterable where RawValue == String {}

extension NamedAnswerValue {
    static var schema: Schema { .choice(Self.self) }
    var cell: ExportCell { .text(self.rawValue) }
    func write(to json: inout JSONWriter) { json.value(self.rawValue) }
}

extension RiskBand: NamedAnswerValue {
    static var schema: Schema { Schema.choice(Self.allCases.reversed().map(\.rawValue)).named("Band") }
}
