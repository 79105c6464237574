import ChurnCore
import Testing

@Suite("Seeded random numbers")
struct SeededRandomTests {
    @Test("the sequence is SplitMix64's")
    func knownNumbers() {
        var random = SeededRandom(seed: 1_234_567)
        let drawn = (0..<5).map { _ in random.next() }
        #expect(
            drawn == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("streams of one seed differ, and each repeats")
    func streams() {
        func first(_ stream: UInt64) -> UInt64 {
            var random = SeededRandom(seed: 7, stream: stream)
            return random.next()
        }
        #expect(Set((0..<1_000).map { first($0) }).count == 1_000)
        #expect(first(3) == first(3))
    }

    @Test("every distribution stays in its range and has its mean")
    func distributions() {
        var random = SeededRandom(seed: 1)
        let count = 100_000
        var uniform = 0.0, bell = 0.0, square = 0.0, below = 0, chosen = 0
        for _ in 0..<count {
            let u = random.uniform()
            #expect(u >= 0 && u < 1)
            uniform += u
            let b = random.bell()
            bell += b
            square += b * b
            let index = random.index(below: 10)
            #expect((0..<10).contains(index))
            below += index
            if random.pick([(true, 3.0), (false, 1.0)]) == true { chosen += 1 }
        }
        #expect(abs(uniform / Double(count) - 0.5) < 0.01)
        #expect(abs(bell / Double(count)) < 0.02)
        #expect(abs(square / Double(count) - 1) < 0.03)
        #expect(abs(Double(below) / Double(count) - 4.5) < 0.05)
        #expect(abs(Double(chosen) / Double(count) - 0.75) < 0.01)
    }

    @Test("a choice with weight 0 is never made, and of none nothing is")
    func weights() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<1_000 { #expect(random.pick([("a", 0.0), ("b", 1.0), ("c", 0.0)]) == "b") }
        #expect(random.pick([(element: Int, weight: Double)]()) == nil)
    }
}
