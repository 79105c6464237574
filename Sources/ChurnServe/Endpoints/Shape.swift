import ChurnCore
import HTTPTypes
import Hummingbird

/// The members of a JSON object that the server answers with, in their order.
struct Shape<Value>: Sendable {
    /// The name of its schema in the document; nil for one that is written out where it is used.
    let name: String?
    let fields: [Field<Value>]
    /// What writes each field, by itself: a field is expensive to copy, and pages have thousands.
    private let writers: [Field<Value>.Writer]

    /// A shape that is written out where it is used.
    init(_ fields: [Field<Value>]) { self.init(named: nil, fields) }

    init(_ name: String, _ fields: [Field<Value>]) { self.init(named: name, fields) }

    private init(named name: String?, _ fields: [Field<Value>]) {
        (self.name, self.fields, self.writers) = (name, fields, fields.map(\.write))
    }

    var schema: Schema {
        let schema = Schema.object(
            self.fields.map { Schema.Property(name: $0.name, schema: $0.schema, isRequired: $0.isAlwaysThere) })
        return self.name.map { schema.named($0) } ?? schema
    }

    /// The names of its members: the columns of an export.
    var columns: [String] { self.fields.map(\.name) }

    /// Writes the members of an object.
    func write(_ value: Value, to json: inout JSONWriter) {
        for write in self.writers { write(value, &json) }
    }

    /// A row of an export.
    func row(_ value: Value) -> [ExportCell] { self.fields.map { $0.cell(value) } }

    /// An answer of one object.
    func response(_ value: Value, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response.json { self.write(value, to: &$0) }
        response.status = status
        return response
    }

    /// An answer of a list of objects.
    func response(list values: [Value]) -> Response {
        Response.json(array: values) { self.write($1, to: &$0) }
    }
}
