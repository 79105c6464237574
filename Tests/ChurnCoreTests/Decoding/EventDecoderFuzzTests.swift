import ChurnCore
import Foundation
import Testing

@Suite("Event decoder against Foundation")
struct EventDecoderFuzzTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return self.state ^ (self.state >> 29)
        }
    }

    private static let seeds: [String] = [
        #"{"event_type":"contract_downgrade","user_id":"7590-VHVEG","details":"Switched","timestamp":1700000000.25}"#,
        #"{"event_type":"a","user_id":"é😀","changes":{"tenure":1.5e1,"Contract":"One year"},"event_id":"x"}"#,
        #"{"event_type":"a\u00e9\n","user_id":"u","x":[1,-2.5,true,false,null,{"y":"\ud83d\ude00"}]}"#,
    ]

    @Test("whatever is accepted is JSON with the same fields, and mutated bytes never crash")
    func mutations() throws {
        let decoder = EventDecoder(domain: .telco)
        var random = Generator(state: 42)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = Array(Self.seeds.randomElement(using: &random)?.utf8 ?? "".utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(Array("{}[]\",:\\0e-u".utf8).randomElement(using: &random) ?? 0, at: index)
                }
            }
            guard case .event(let entry) = decoder.decode(makeRecord(bytes)) else { continue }
            accepted += 1
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any], "not JSON: \(bytes)")
            #expect(object["user_id"] as? String == entry.event.customerID)
            #expect(object["event_type"] as? String == entry.event.type.rawValue)
            #expect(object["details"] as? String == entry.event.details)
        }
        #expect(accepted > 2_000)
    }
}
