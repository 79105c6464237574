/// Random numbers that a seed decides: the same on every platform and with every version of Swift.
///
/// SplitMix64, by Guy Steele, Doug Lea and Christine Flood ("Fast splittable pseudorandom number generators", OOPSLA
/// 2014), with the constants of Sebastiano Vigna's public-domain code. Not for secrets.
package struct SeededRandom: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// Starts a sequence.
    public init(seed: UInt64) { self.state = seed }

    /// Starts the sequence number `stream` of a seed; sequences of one seed have nothing to do with each other.
    public init(seed: UInt64, stream: UInt64) {
        var seeds = SeededRandom(seed: seed)
        var streams = SeededRandom(seed: stream ^ seeds.next())
        self.state = streams.next()
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    // The standard library does not promise that its own methods draw the same numbers in every version.

    /// A number in 0..<1, evenly spread.
    public mutating func uniform() -> Double { Double(self.next() >> 11) * 0x1p-53 }

    /// A whole number in 0..<count, evenly spread (to one part in 2^64 / count).
    public mutating func index(below count: Int) -> Int {
        Int(UInt64(max(count, 1)).multipliedFullWidth(by: self.next()).high)
    }

    /// True with this probability.
    public mutating func chance(_ probability: Double) -> Bool { self.uniform() < probability }

    /// A number around 0 with a standard deviation of 1, nearly normal: the sum of twelve evenly spread ones, which
    /// needs no function whose last bit differs between platforms.
    public mutating func bell() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += self.uniform() }
        return sum
    }

    /// One of these, each with its weight.
    public mutating func pick<Element>(_ choices: [(element: Element, weight: Double)]) -> Element? {
        var rest = self.uniform() * choices.reduce(0) { $0 + $1.weight }
        for choice in choices {
            rest -= choice.weight
            if rest < 0 { return choice.element }
        }
        return choices.last { $0.weight > 0 }?.element
    }
}
