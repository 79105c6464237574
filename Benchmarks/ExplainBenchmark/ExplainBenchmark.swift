import ChurnModel
import Foundation

/// Measures our explanations beside libxgboost's, one thread, on rows in a file of single-precision numbers.
///
///     churn-explain-benchmark BOOSTER ROWS OUTPUT
///
/// Writes our contributions, in double precision, to OUTPUT, for another program to compare. Called by
/// `Benchmarks/explain.py`.
@main
struct ExplainBenchmark {
    private static let rounds = 7

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else {
            print("usage: churn-explain-benchmark BOOSTER ROWS OUTPUT")
            exit(2)
        }
        let booster = try ExplainedBooster(bytes: [UInt8](Data(contentsOf: URL(fileURLWithPath: arguments[1]))))
        let rows = try Data(contentsOf: URL(fileURLWithPath: arguments[2])).withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        let count = rows.count / booster.columns
        let ours = booster.contributions(rows)
        let theirs = try booster.libraryContributions(rows)
        let worst = zip(ours, theirs).reduce(0) { max($0, abs($1.0 - Double($1.1))) }
        try ours.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: arguments[3]))
        print("rows \(count) columns \(booster.columns) largest difference to libxgboost \(worst)")
        // In turns, so that other load on the machine meets both; libxgboost explains a part of the rows only.
        let part = Array(rows.prefix(min(count, 300) * booster.columns))
        let one = Array(rows.prefix(booster.columns))
        var times: [(name: String, best: Double, middle: Double)] = []
        func measure(_ name: String, _ rows: Int, _ work: () throws -> Void) rethrows {
            let clock = ContinuousClock()
            var samples: [Double] = []
            for _ in 0..<Self.rounds {
                let start = clock.now
                try work()
                samples.append((clock.now - start) / .microseconds(1) / Double(rows))
            }
            samples.sort()
            times.append((name, samples[0], samples[Self.rounds / 2]))
        }
        measure("ours, batch", count) { _ = booster.contributions(rows) }
        try measure("libxgboost, batch", part.count / booster.columns) { _ = try booster.libraryContributions(part) }
        measure("ours, one row at a time", 200) { for _ in 0..<200 { _ = booster.contributions(one) } }
        for time in times {
            print(String(format: "%@: best %.2f median %.2f us a row", time.name, time.best, time.middle))
        }
    }
}
