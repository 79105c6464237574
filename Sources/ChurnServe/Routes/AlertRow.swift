import ChurnCore
import ChurnInsight

extension Shape<LoggedAlert> {
    /// An alert with what the domain shows of its customer: what every alert has, then the domain's update fields.
    static func alert(_ domain: Domain) -> Shape {
        Shape("LoggedAlert", self.own(domain.bands) + self.shown(domain))
    }

    /// What every alert has.
    private static func own(_ bands: RiskBands) -> [Field<LoggedAlert>] {
        [
            Field("id") { $0.eventID },
            Field("customer_id") { $0.customerID },
            Field("churn_probability", schema: .probability.orNull()) { $0.probability },
            Field("churn_risk") { $0.probability.map { bands.band(of: $0) } },
            Field("event_type") { $0.type.rawValue },
            Field("event_timestamp") { $0.time },
            Field("became_at_risk") { $0.becameAtRisk },
        ]
    }

    private static func shown(_ domain: Domain) -> [Field<LoggedAlert>] {
        domain.updateFields.enumerated().map { index, field in
            Field(field.name, schema: domain.schema.features[field.feature].answerSchema) {
                $0.shown?[index] ?? FeatureValue.missing
            }
        }
    }
}

/// How alerts are written, with what is shown of their customers: thousands on a page, all with the same names.
///
/// The text is that of the shape of an alert, written without a value for each alert.
struct AlertRow: Sendable {
    private let bands: RiskBands
    /// Every name with what stands before and behind it; then ``Fixed``.
    private let pieces: JSONPieces
    private let fixed: Fixed
    /// How many members every alert has; then come the domain's update fields.
    private let own: Int
    /// How many update fields the domain has.
    private let fields: Int

    /// The places of pieces that every page has.
    private struct Fixed {
        var null: Int
        var yes: Int
        var no: Int
        var bands: [Int]
    }

    init(_ domain: Domain) {
        self.bands = domain.bands
        let names = Shape<LoggedAlert>.alert(domain).columns
        self.fields = domain.updateFields.count
        self.own = names.count - self.fields
        var pieces = JSONPieces()
        for name in names {
            var json = JSONWriter()
            json.object { $0.field(name, true) }
            // As in {"name":true}, and a comma instead of the brace before every name but the first.
            var bytes = Array(json.bytes.dropLast(5))
            if pieces.count > 0 { bytes[0] = UInt8(ascii: ",") }
            _ = pieces.add(bytes)
        }
        self.fixed = Fixed(
            null: pieces.add(.missing), yes: pieces.add(.boolean(true)), no: pieces.add(.boolean(false)),
            bands: [RiskBand.low, .medium, .high, .critical].map { pieces.add(.text($0.rawValue)) })
        self.pieces = pieces
    }

    /// Writes alerts as elements of an array.
    func write(_ alerts: LoggedAlerts, to json: inout JSONWriter) {
        guard !alerts.isEmpty else { return }
        let shown = ShownPieces(alerts.shown, of: alerts.count, fields: self.fields, null: self.fixed.null, self.pieces)
        let numbers = (self.own + self.fields) * JSONLine.longest
        let texts = alerts.customerIDs.bytes.count + alerts.types.bytes.count
        let limit =
            alerts.count * (self.pieces.byteCount + numbers + self.fields * shown.pieces.longest)
            + texts * JSONEscapes.longest + JSONLine.step
        json.elements(limit: limit) { room in
            guard let start = room.baseAddress else { return 0 }
            var line = JSONLine(start)
            for index in 0..<alerts.count {
                if index > 0 { line.add(UInt8(ascii: ",")) }
                self.write(index, of: alerts, shown, to: &line)
            }
            return line.count
        }
    }

    /// Writes one alert; the first seven pieces are the names of what every alert has, in the order of its shape.
    @inline(__always)
    private func write(_ index: Int, of alerts: LoggedAlerts, _ shown: ShownPieces, to line: inout JSONLine) {
        let probability = alerts.probabilities[index]
        line.add(self.pieces, 0)
        line.add(alerts.eventIDs[index])
        line.add(self.pieces, 1)
        line.add(alerts.customerIDs, index)
        line.add(self.pieces, 2)
        line.add(probability)
        line.add(self.pieces, 3)
        line.add(self.pieces, self.band(of: probability))
        line.add(self.pieces, 4)
        line.add(alerts.types, index)
        line.add(self.pieces, 5)
        line.add(alerts.times[index])
        line.add(self.pieces, 6)
        line.add(self.pieces, alerts.becameAtRisk[index] ? self.fixed.yes : self.fixed.no)
        for field in 0..<self.fields {
            line.add(self.pieces, self.own + field)
            let cell = shown.cells[index * self.fields + field]
            if shown.areNumbers[field] { line.add(cell) } else { line.add(shown.pieces, Int(cell)) }
        }
        line.add(UInt8(ascii: "}"))
    }

    @inline(__always)
    private func band(of probability: Double?) -> Int {
        guard let probability else { return self.fixed.null }
        return switch self.bands.band(of: probability) {
        case .low: self.fixed.bands[0]
        case .medium: self.fixed.bands[1]
        case .high: self.fixed.bands[2]
        case .critical: self.fixed.bands[3]
        }
    }
}

/// The fields shown of customers, row by row: numbers, and the places of pieces of JSON.
private struct ShownPieces {
    private(set) var pieces: JSONPieces
    /// By field.
    private(set) var areNumbers: [Bool]
    /// A number or a place for each field of the first row, of the second and so on.
    private(set) var cells: [Double]

    init(_ shown: ShownColumns?, of rows: Int, fields: Int, null: Int, _ pieces: JSONPieces) {
        self.pieces = pieces
        self.areNumbers = [Bool](repeating: false, count: fields)
        self.cells = [Double](repeating: Double(null), count: rows * fields)
        guard let shown else { return }
        for (field, column) in zip(0..<fields, shown.columns) {
            switch column {
            case .numbers(let numbers):
                self.areNumbers[field] = true
                for row in 0..<rows { self.cells[row * fields + field] = numbers[row] }
            case .values(let values, let places):
                // Values are few where they are shared, as those of a category; otherwise every row has one of its own.
                let areFew = values.count <= rows
                let known = areFew ? values.map { self.pieces.add($0) } : []
                for row in 0..<rows where places[row] >= 0 {
                    let place = Int(places[row])
                    self.cells[row * fields + field] = Double(areFew ? known[place] : self.pieces.add(values[place]))
                }
            }
        }
    }
}
