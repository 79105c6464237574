/// A form in which some numbers can be kept in few bytes, and exactly.
protocol NumberCode {
    /// Stands for no number.
    static var none: Self { get }
    /// The code of a number; nil for one that it cannot keep exactly.
    init?(keeping number: Double)
    /// The number; not a number where there is none.
    var number: Double { get }
}

/// Numbers by slot, as codes while each of them can be one, and as they are from the first that cannot.
struct CompactNumbers<Code: NumberCode> {
    private var codes: [Code] = []
    private var numbers: [Double] = []
    private var isCompact = true

    subscript(index: Int) -> Double { self.isCompact ? self.codes[index].number : self.numbers[index] }

    /// The numbers of these slots; not a number where there is none.
    func numbers(at slots: [Int32]) -> [Double] {
        self.isCompact
            ? slots.map { $0 < 0 ? .nan : self.codes[Int($0)].number }
            : slots.map { $0 < 0 ? .nan : self.numbers[Int($0)] }
    }

    mutating func append(_ number: Double?) {
        guard let code = self.code(number) else {
            self.numbers.makeRoom(for: 1)
            self.numbers.append(number ?? .nan)
            return
        }
        self.codes.makeRoom(for: 1)
        self.codes.append(code)
    }

    mutating func set(_ index: Int, to number: Double?) {
        if let code = self.code(number) { self.codes[index] = code } else { self.numbers[index] = number ?? .nan }
    }

    /// The code to keep a number as; nil where numbers are, or are from now on, kept as they are.
    private mutating func code(_ number: Double?) -> Code? {
        guard self.isCompact else { return nil }
        guard let number, !number.isNaN else { return Code.none }
        if let code = Code(keeping: number) { return code }
        self.numbers = self.codes.map(\.number)
        self.codes = []
        self.isCompact = false
        return nil
    }

    /// The memory that they hold, in bytes.
    var byteCount: Int { MemoryLayout<Code>.stride * self.codes.capacity + 8 * self.numbers.capacity }
}

/// Models give scores of this precision.
extension Float: NumberCode {
    static var none: Float { .nan }

    init?(keeping number: Double) {
        self.init(number)
        if Double(self) != number { return nil }
    }

    var number: Double { Double(self) }
}

/// Amounts of money have two decimals.
struct Hundredths: NumberCode {
    static let none = Self(code: Int32.min)
    private var code: Int32

    private init(code: Int32) { self.code = code }

    init?(keeping number: Double) {
        let rounded = (number * 100).rounded()
        guard rounded.magnitude < 0x7FFF_FFFF, rounded / 100 == number else { return nil }
        self.code = Int32(rounded)
    }

    var number: Double { self.code == Int32.min ? .nan : Double(self.code) / 100 }
}

/// Months are whole numbers.
struct SmallWholeNumber: NumberCode {
    static let none = Self(code: Int16.min)
    private var code: Int16

    private init(code: Int16) { self.code = code }

    init?(keeping number: Double) {
        guard number.magnitude < 0x7FFF, number.rounded() == number else { return nil }
        self.code = Int16(number)
    }

    var number: Double { self.code == Int16.min ? .nan : Double(self.code) }
}
