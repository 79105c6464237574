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
        let works: [(name: String, rows: Int, run: () throws -> Void)] = [
            ("ours, batch", count, { _ = booster.contributions(rows) }),
            ("libxgboost, batch", part.count / booster.columns, { _ = try booster.libraryContributions(part) }),
            ("ours, one row at a time", 200, { for _ in 0..<200 { _ = booster.contributions(one) } }),
        ]
        let clock = ContinuousClock()
        var samples = works.map { _ in [Double]() }
        for _ in 0..<Self.rounds {
            for (place, work) in works.enumerated() {
                let start = clock.now
                try work.run()
                samples[place].append((clock.now - start) / .microseconds(1) / Double(work.rows))
            }
        }
        let times = zip(works, samples).map { work, samples in
            let sorted = samples.sorted()
            return (name: work.name, best: sorted[0], middle: sorted[sorted.count / 2])
        }
        for time in times {
            print(String(format: "%@: best %.2f median %.2f us a row", time.name, time.best, time.middle))
        }
        print(
            String(format: "libxgboost takes %.1f times as long as ours (medians)", times[1].middle / times[0].middle))
    }
}
