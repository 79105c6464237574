import ChurnCore
import Testing

@Suite("Distances between points in time")
struct TimestampDistanceTests {
    @Test("stay within what there is, whatever is added")
    func saturates() {
        let last = Timestamp(microseconds: .max)
        #expect(last.advanced(by: .seconds(1)) == last)
        #expect(Timestamp(microseconds: .min).advanced(by: .seconds(-1)) == Timestamp(microseconds: .min))
        #expect(Timestamp(microseconds: 0).advanced(by: .seconds(Int64.max)) == last)
        #expect(Timestamp(microseconds: 5).advanced(by: .milliseconds(1)) == Timestamp(microseconds: 1_005))
    }

    @Test(
        "are the same in both directions",
        arguments: [
            (0, 9, true), (0, 10, false), (9, 0, true), (10, 0, false), (Int64.min, .max, false), (.max, .max, true),
        ])
    func within(a: Int64, b: Int64, isWithin: Bool) {
        #expect(Timestamp(microseconds: a).isWithin(.microseconds(10), of: Timestamp(microseconds: b)) == isWithin)
    }
}
