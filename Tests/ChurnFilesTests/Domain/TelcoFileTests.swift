import ChurnCore
import ChurnFiles
import Testing

@Suite("The Telco domain's file")
struct TelcoFileTests {
    @Test("describes the domain that is built in")
    func equality() throws {
        let read = try Domain(yaml: Domain.telcoFile, file: "telco")
        // Part by part first: what differs is named.
        #expect(read.schema.features == Domain.telco.schema.features)
        #expect(read.eventOrder.map { read.events[$0] } == Domain.telco.eventOrder.map { Domain.telco.events[$0] })
        #expect(read.actions == Domain.telco.actions)
        #expect(read == .telco)
    }
}
