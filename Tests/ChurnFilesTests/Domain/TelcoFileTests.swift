import ChurnCore
import ChurnFiles
import Foundation
import Testing

@Suite("The Telco domain's file")
struct TelcoFileTests {
    @Test("describes the domain that is built in")
    func equality() throws {
        let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let file = root.appendingPathComponent("Examples/Domains/telco.yaml")
        let read = try Domain(yaml: try String(contentsOf: file, encoding: .utf8), file: file.path)
        // Part by part first: what differs is named.
        #expect(read.schema.features == Domain.telco.schema.features)
        #expect(read.eventOrder.map { read.events[$0] } == Domain.telco.eventOrder.map { Domain.telco.events[$0] })
        #expect(read.actions == Domain.telco.actions)
        #expect(read == .telco)
    }
}
