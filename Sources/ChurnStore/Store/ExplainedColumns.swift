import ChurnCore

/// What is kept of a batch's explanations, as the last parameters of the statement that logs events.
struct ExplainedColumns: Sendable {
    /// Elements of several rows, one after the other, with the first and last of each row, counted from 1.
    private struct Slices: Sendable {
        var first: [Int32?] = []
        var last: [Int32?] = []
        var count: Int32 = 0

        mutating func add(_ elements: Int) {
            self.first.append(elements == 0 ? nil : self.count + 1)
            self.count += Int32(clamping: elements)
            self.last.append(elements == 0 ? nil : self.count)
        }
    }

    private var reasonSlices = Slices()
    private var reasons: [Reason] = []
    private var changeSlices = Slices()
    private var contributions: [Double] = []
    private var changed: [[UInt8]?] = []
    private var previous: [Double?] = []
    private var margins: [Double?] = []

    /// - Parameter columns: the features' columns, in the schema's order.
    init(_ events: [ScoredEvent], columns: [String]) {
        for index in events.indices {
            let reasons = events[index].prediction?.reasons ?? []
            self.reasonSlices.add(reasons.count)
            self.reasons += reasons
            let change = events[index].prediction?.change
            let split = change?.split
            self.previous.append(change?.fromProbability)
            self.margins.append(split?.toMargin)
            self.changeSlices.add(split?.contributions.count ?? 0)
            self.contributions += split?.contributions ?? []
            self.changed.append(split.map { Self.json($0.changed, columns) })
        }
    }

    /// The columns' names, each with what it is selected from, where `count` parameters come before them.
    ///
    /// An array for each row cannot be a parameter: all rows' lie one after the other, and each row takes its slice,
    /// whose ends are NULL where it has none.
    static func columns(after count: Int) -> [(name: String, source: String)] {
        func values(_ number: Int, _ type: ElementType) -> String { "($\(count + number)::\(type.arrayName))" }
        func slice(_ number: Int, _ type: ElementType, first: Int, last: Int) -> String {
            "\(values(number, type))[unnest\(values(first, .int32)):unnest\(values(last, .int32))]"
        }
        return [
            ("previous_probability", "unnest\(values(1, .double))"), ("margin", "unnest\(values(2, .double))"),
            ("changed_features", "unnest\(values(3, .json))"),
            ("reason_features", slice(6, .int16, first: 4, last: 5)),
            ("reason_contributions", slice(7, .real, first: 4, last: 5)),
            ("change_contributions", slice(10, .real, first: 8, last: 9)),
        ]
    }

    /// Adds the ten parameters that ``columns(after:)`` counts from 1.
    func add(to parameters: inout ParameterBuffer) {
        parameters.array(of: .double, self.previous) { $0.double($1) }
        parameters.array(of: .double, self.margins) { $0.double($1) }
        parameters.array(of: .json, self.changed) { $0.json($1) }
        parameters.array(of: .int32, self.reasonSlices.first) { $0.int32($1) }
        parameters.array(of: .int32, self.reasonSlices.last) { $0.int32($1) }
        parameters.array(of: .int16, self.reasons) { $0.int16(Int16(clamping: $1.feature + 1)) }
        parameters.array(of: .real, self.reasons) { $0.real(Float($1.contribution)) }
        parameters.array(of: .int32, self.changeSlices.first) { $0.int32($1) }
        parameters.array(of: .int32, self.changeSlices.last) { $0.int32($1) }
        parameters.array(of: .real, self.contributions) { $0.real(Float($1)) }
    }

    /// `{"contract": ["One year", "Month-to-month"]}`: each feature with its value before and after.
    private static func json(_ changed: [ChangedFeature], _ columns: [String]) -> [UInt8] {
        var json = [UInt8(ascii: "{")]
        for feature in changed {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(columns[feature.feature], to: &json)
            json += ":[".utf8
            JSONText.append(feature.from, to: &json)
            json.append(UInt8(ascii: ","))
            JSONText.append(feature.to, to: &json)
            json.append(UInt8(ascii: "]"))
        }
        json.append(UInt8(ascii: "}"))
        return json
    }
}
