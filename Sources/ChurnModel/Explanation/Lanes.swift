/// A few numbers that are worked on at once: a polynomial's values at the points of a ``GaussLegendre`` rule.
///
/// A protocol of our own: through its concrete implementations the compiler finds the processor's own instructions,
/// which the generic operators of `SIMD` hide from it.
protocol Lanes: Sendable {
    static var count: Int { get }
    static var zero: Self { get }
    static var one: Self { get }
    init(each lane: (Int) -> Double)
    func times(_ other: Self) -> Self
    func plus(_ other: Self) -> Self
    var total: Double { get }
}

extension Double: Lanes {
    static var count: Int { 1 }
    static var one: Double { 1 }
    init(each lane: (Int) -> Double) { self = lane(0) }
    @inline(__always) func times(_ other: Double) -> Double { self * other }
    @inline(__always) func plus(_ other: Double) -> Double { self + other }
    @inline(__always) var total: Double { self }
}

extension SIMD2<Double>: Lanes {
    static var count: Int { 2 }
    init(each lane: (Int) -> Double) {
        self = .zero
        for index in 0..<2 { self[index] = lane(index) }
    }
    @inline(__always) func times(_ other: Self) -> Self { self * other }
    @inline(__always) func plus(_ other: Self) -> Self { self + other }
    @inline(__always) var total: Double { self.sum() }
}

extension SIMD4<Double>: Lanes {
    static var count: Int { 4 }
    init(each lane: (Int) -> Double) {
        self = .zero
        for index in 0..<4 { self[index] = lane(index) }
    }
    @inline(__always) func times(_ other: Self) -> Self { self * other }
    @inline(__always) func plus(_ other: Self) -> Self { self + other }
    @inline(__always) var total: Double { self.sum() }
}

extension SIMD8<Double>: Lanes {
    static var count: Int { 8 }
    init(each lane: (Int) -> Double) {
        self = .zero
        for index in 0..<8 { self[index] = lane(index) }
    }
    @inline(__always) func times(_ other: Self) -> Self { self * other }
    @inline(__always) func plus(_ other: Self) -> Self { self + other }
    @inline(__always) var total: Double { self.sum() }
}

extension SIMD16<Double>: Lanes {
    static var count: Int { 16 }
    init(each lane: (Int) -> Double) {
        self = .zero
        for index in 0..<16 { self[index] = lane(index) }
    }
    @inline(__always) func times(_ other: Self) -> Self { self * other }
    @inline(__always) func plus(_ other: Self) -> Self { self + other }
    @inline(__always) var total: Double { self.sum() }
}
