import CPostgres
import ChurnCore
import ChurnInsight

/// The rows of one statement, in binary form.
///
/// Frees them at its end; used on its connection's thread only.
final class PostgresResult {
    private let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { PQclear(self.raw) }

    var status: ExecStatusType { PQresultStatus(self.raw) }
    var rowCount: Int { Int(PQntuples(self.raw)) }
    /// The number of rows that the statement changed.
    var changedRows: Int { Int(String(cString: PQcmdTuples(self.raw))) ?? 0 }
    /// The command that the server says it ran, such as `COMMIT`.
    var command: String { String(cString: PQcmdStatus(self.raw)) }

    /// The failure of the statement; nil where it succeeded.
    var failure: PostgresFailure? {
        switch self.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_PIPELINE_SYNC, PGRES_EMPTY_QUERY: return nil
        case PGRES_PIPELINE_ABORTED: return PostgresFailure(.skipped)
        default: break
        }
        guard let state = self.field("C") else { return PostgresFailure(.lost) }
        var failure = PostgresFailure(
            .refused(sqlState: state), constraint: self.field("n"), table: self.field("t"))
        failure.isForeign = self.field("W").map(Self.isForeign(context:)) ?? false
        failure.isStalePlan = state == "0A000" && self.field("R") == "RevalidateCachedQuery"
        if state == "42501" { failure.object = self.field("M").flatMap(Self.deniedObject(message:)) }
        return failure
    }

    /// Returns whether the innermost function of an error's context is not one of ours.
    ///
    /// The context also quotes statements and rows, so nothing of it is kept. Functions are named in lines such as
    /// `PL/pgSQL function churn_refuse(text) line 3 at RAISE`.
    static func isForeign(context: String) -> Bool {
        let line = context.split(separator: "\n").first { $0.contains("PL/") || $0.hasPrefix("SQL function") }
        return line.map { !$0.contains("churn_") && !$0.contains("inline_code_block") } ?? false
    }

    /// Returns the object of a message such as `permission denied for table users`; nil for another message, which a
    /// function may have made of a row's values.
    static func deniedObject(message: String) -> String? {
        let prefix = "permission denied for "
        guard message.hasPrefix(prefix) else { return nil }
        let words = message.dropFirst(prefix.count).split(separator: " ")
        let kinds: Set<Substring> = ["table", "sequence", "schema", "function", "view", "column", "database"]
        guard words.count == 2, kinds.contains(words[0]) else { return nil }
        return words.joined(separator: " ")
    }

    /// A field of the error by its letter in the protocol; libpq's names for them are not imported into Swift.
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(self.raw, Int32(letter.value)).map { String(cString: $0) }
    }

    func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(self.raw, Int32(row), Int32(column)) == 1 }

    /// The field's bytes, valid as long as this object; empty for NULL.
    func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(self.raw, Int32(row), Int32(column)),
            count: Int(PQgetlength(self.raw, Int32(row), Int32(column))))
    }

    private func integer<Value: FixedWidthInteger>(_ row: Int, _ column: Int, as type: Value.Type) -> Value {
        let bytes = self.bytes(row, column)
        guard bytes.count == MemoryLayout<Value>.size else { return 0 }
        return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
    }

    // Columns that cannot be NULL. A field of another size reads as zero: the statements name their types.
    func int64(_ row: Int, _ column: Int) -> Int64 { self.integer(row, column, as: Int64.self) }
    func int32(_ row: Int, _ column: Int) -> Int32 { self.integer(row, column, as: Int32.self) }
    func boolean(_ row: Int, _ column: Int) -> Bool { self.bytes(row, column).first == 1 }
    func double(_ row: Int, _ column: Int) -> Double {
        Double(bitPattern: self.integer(row, column, as: UInt64.self))
    }
    func timestamp(_ row: Int, _ column: Int) -> Timestamp {
        Timestamp(postgresMicroseconds: self.int64(row, column))
    }
    func text(_ row: Int, _ column: Int) -> String { String(decoding: self.bytes(row, column), as: UTF8.self) }

    /// The texts of a column, empty for NULL.
    func texts(_ column: Int) -> TextColumn {
        let count = self.rowCount
        // Texts of one column are about as long as its first.
        var texts = TextColumn(texts: count, bytes: count == 0 ? 0 : (self.bytes(0, column).count + 8) * count)
        for row in 0..<count { texts.append(self.bytes(row, column)) }
        return texts
    }

    /// The field's value by `read`; nil for NULL.
    func optional<Value>(_ row: Int, _ column: Int, _ read: (Int, Int) -> Value) -> Value? {
        self.isNull(row, column) ? nil : read(row, column)
    }

    /// JSON text of a jsonb field, without the version byte in front.
    func json(_ row: Int, _ column: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(rebasing: self.bytes(row, column).dropFirst()))
    }

    /// The elements of a one-dimensional array; nil for a NULL element.
    func elements(_ row: Int, _ column: Int) -> [UnsafeRawBufferPointer?] {
        let bytes = self.bytes(row, column)
        func int32(at offset: Int) -> Int {
            Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        guard bytes.count >= 20, int32(at: 0) == 1 else { return [] }
        var elements: [UnsafeRawBufferPointer?] = []
        elements.reserveCapacity(int32(at: 12))
        var offset = 20
        for _ in 0..<int32(at: 12) {
            guard offset + 4 <= bytes.count else { break }
            let length = int32(at: offset)
            offset += 4
            guard length >= 0 else {
                elements.append(nil)
                continue
            }
            guard offset + length <= bytes.count else { break }
            elements.append(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)]))
            offset += length
        }
        return elements
    }

    /// The elements of an array of texts, none of them NULL.
    func texts(_ row: Int, _ column: Int) -> [String] {
        self.elements(row, column).map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "" }
    }

    /// The elements of an array of integers.
    func integers<Value: FixedWidthInteger>(_ row: Int, _ column: Int, as type: Value.Type) -> [Value] {
        self.elements(row, column).map { element in
            guard let element, element.count == MemoryLayout<Value>.size else { return 0 }
            return Value(bigEndian: element.loadUnaligned(as: Value.self))
        }
    }
}
