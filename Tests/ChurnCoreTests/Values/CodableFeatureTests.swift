import ChurnCore
import Foundation
import Testing

@Suite("A feature written as JSON")
struct CodableFeatureTests {
    private static let values: [FeatureValue] = [
        .missing, .number(0), .number(1), .number(0.1), .number(-12.375), .text(""), .text("a/b \"é\""), .text("1"),
        .boolean(true), .boolean(false),
    ]
    // Digests of model bundles hold on to these bytes.
    private static let text = #"[null,0,1,0.1,-12.375,"","a\/b \"é\"","1",true,false]"#

    @Test("has always the same bytes")
    func bytes() throws {
        let written = try JSONEncoder().encode(Self.values.map(CodableFeature.init))
        #expect(String(decoding: written, as: UTF8.self) == Self.text)
    }

    @Test("is read as what was written")
    func roundTrip() throws {
        let read = try JSONDecoder().decode([CodableFeature].self, from: Data(Self.text.utf8))
        #expect(read.map(\.value) == Self.values)
    }
}
