import ChurnCore

/// The values of one feature by slot.
///
/// A feature's values are all numbers or all of other types, so that one of the two columns of codes stays as small as
/// it can be.
struct FeatureColumn {
    private var numbers = CompactNumbers<Hundredths>()
    /// The places in `values` of the values that are no numbers.
    private var places = CompactNumbers<SmallPlace>()
    private var values: [FeatureValue] = []
    private var placesByValue: [FeatureValue: Int] = [:]
    private let isNumeric: Bool

    init(_ type: FeatureType) { self.isNumeric = type == .numeric }

    /// The values of these slots.
    func shown(at slots: [Int32]) -> ShownColumns.Column {
        if self.isNumeric { return .numbers(self.numbers.numbers(at: slots)) }
        return .values(self.values, places: self.places.numbers(at: slots).map { $0.isNaN ? -1 : Int32($0) })
    }

    mutating func append(_ value: FeatureValue) {
        if self.isNumeric { self.numbers.append(value.numberValue) } else { self.places.append(self.place(of: value)) }
    }

    mutating func set(_ index: Int, to value: FeatureValue) {
        if self.isNumeric {
            self.numbers.set(index, to: value.numberValue)
        } else {
            self.places.set(index, to: self.place(of: value))
        }
    }

    private mutating func place(of value: FeatureValue) -> Double? {
        if value == .missing { return nil }
        if let place = self.placesByValue[value] { return Double(place) }
        self.placesByValue[value] = self.values.count
        self.values.append(value)
        return Double(self.values.count - 1)
    }

    /// The memory that it holds, in bytes; the values themselves are few.
    var byteCount: Int { self.numbers.byteCount + self.places.byteCount }
}

/// Few values need no more than a byte to distinguish them.
private struct SmallPlace: NumberCode {
    static let none = Self(code: UInt8.max)
    private var code: UInt8

    private init(code: UInt8) { self.code = code }

    init?(keeping number: Double) {
        guard let code = UInt8(exactly: number), code != UInt8.max else { return nil }
        self.code = code
    }

    var number: Double { self.code == UInt8.max ? .nan : Double(self.code) }
}
