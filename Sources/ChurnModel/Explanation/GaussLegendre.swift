import Foundation

/// A rule of Gauss and Legendre on 0...1: with n points it integrates every polynomial of degree 2n - 1 exactly.
struct GaussLegendre: Sendable {
    /// The points at which the polynomial is evaluated; all within 0 and 1.
    let points: [Double]
    let weights: [Double]

    /// Finds the rule by Newton's method on the Legendre polynomial.
    init(count: Int) {
        var points: [Double] = []
        var weights: [Double] = []
        for index in 0..<count {
            var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
            var slope = 1.0
            for _ in 0..<100 {
                let (value, derivative) = Self.legendre(count, at: x)
                slope = derivative
                let step = value / derivative
                x -= step
                if abs(step) < 1e-16 { break }
            }
            points.append((1 - x) / 2)
            weights.append(1 / ((1 - x * x) * slope * slope))
        }
        self.points = points
        self.weights = weights
    }

    /// The polynomial's value and derivative, by its recurrence.
    private static func legendre(_ degree: Int, at x: Double) -> (value: Double, derivative: Double) {
        var (last, value) = (1.0, x)
        guard degree > 1 else { return (x, 1) }
        for n in 2...degree {
            (last, value) = (value, (Double(2 * n - 1) * x * value - Double(n - 1) * last) / Double(n))
        }
        return (value, Double(degree) * (x * value - last) / (x * x - 1))
    }
}
