import Foundation

/// Logistic regression of a few columns by Newton's method.
enum LogisticFit {
    private static let iterations = 60
    private static let precision = 1e-10
    /// Keeps the equations solvable where columns say the same.
    private static let ridge = 1e-6

    /// The weight of each column and then the constant; nil where no finite ones are found.
    static func weights(_ columns: [[Double]], _ targets: [Double]) -> [Double]? {
        let size = columns.count + 1
        var weights = Array(repeating: 0.0, count: size)
        var loss = Self.loss(columns, targets, weights)
        for _ in 0..<Self.iterations {
            guard let step = Self.step(columns, targets, weights) else { return nil }
            var length = 1.0
            while length > 1e-6 {
                let next = zip(weights, step).map { $0 + length * $1 }
                let nextLoss = Self.loss(columns, targets, next)
                if nextLoss <= loss {
                    (weights, loss) = (next, nextLoss)
                    break
                }
                length /= 2
            }
            if length <= 1e-6 || step.allSatisfy({ abs($0) < Self.precision }) { break }
        }
        return weights.allSatisfy(\.isFinite) ? weights : nil
    }

    private static func odds(_ columns: [[Double]], _ weights: [Double], _ row: Int) -> Double {
        var sum = weights[columns.count]
        for column in columns.indices { sum += weights[column] * columns[column][row] }
        return sum
    }

    private static func loss(_ columns: [[Double]], _ targets: [Double], _ weights: [Double]) -> Double {
        var loss = 0.0
        for row in targets.indices {
            let odds = Self.odds(columns, weights, row)
            // ln(1 + e^odds) - target * odds, without overflow.
            loss += max(odds, 0) + log1p(exp(-abs(odds))) - targets[row] * odds
        }
        return loss + Self.ridge / 2 * weights.dropLast().reduce(0) { $0 + $1 * $1 }
    }

    private static func step(_ columns: [[Double]], _ targets: [Double], _ weights: [Double]) -> [Double]? {
        let size = weights.count
        var matrix = Array(repeating: Array(repeating: 0.0, count: size + 1), count: size)
        var values = Array(repeating: 1.0, count: size)
        for row in targets.indices {
            let probability = 1 / (1 + exp(-Self.odds(columns, weights, row)))
            let (error, spread) = (targets[row] - probability, probability * (1 - probability))
            for column in columns.indices { values[column] = columns[column][row] }
            for first in 0..<size {
                for second in 0..<size { matrix[first][second] += values[first] * values[second] * spread }
                matrix[first][size] += values[first] * error
            }
        }
        for column in columns.indices {
            matrix[column][column] += Self.ridge
            matrix[column][size] -= Self.ridge * weights[column]
        }
        matrix[size - 1][size - 1] += 1e-12
        return Self.solved(&matrix)
    }

    /// Solves linear equations, the right side last, by elimination with row exchange.
    private static func solved(_ matrix: inout [[Double]]) -> [Double]? {
        let size = matrix.count
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { abs(matrix[$0][column]) < abs(matrix[$1][column]) }),
                abs(matrix[pivot][column]) > 1e-300
            else { return nil }
            matrix.swapAt(column, pivot)
            for row in 0..<size where row != column {
                let factor = matrix[row][column] / matrix[column][column]
                for place in column...size { matrix[row][place] -= factor * matrix[column][place] }
            }
        }
        let result = (0..<size).map { matrix[$0][size] / matrix[$0][$0] }
        return result.allSatisfy(\.isFinite) ? result : nil
    }
}
