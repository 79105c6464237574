import Testing

@testable import ChurnCore

@Suite struct UpdateFactsTests {
    private func facts(_ text: String, segmentField: String? = "contract_type") -> UpdateFacts? {
        Array(text.utf8).withUnsafeBytes { UpdateFacts(frame: $0, segmentField: segmentField) }
    }

    @Test("a frame's type, band, event type, customer and segment are read, whatever else it holds")
    func whole() throws {
        // As deep as an event may be nested: one level less than the frame that holds it.
        let deep = String(repeating: "[", count: 62) + String(repeating: "]", count: 62)
        let facts = try #require(
            self.facts(
                #"{"type":"churn_alert","payload":{"event_type":"contract_downgrade","user_id":"a\"é","x":"#
                    + deep + #","churn_risk":"High","contract_type":"One year","number":1}}"#))
        #expect(facts.type == "churn_alert")
        #expect(facts.band == .high)
        #expect(facts.eventType == "contract_downgrade")
        #expect(facts.customer == "a\"é")
        #expect(facts.segment == "One year")
    }

    @Test("a member of another type, and one that is missing, are left out")
    func partial() throws {
        let text = #"{"type":"new_event","payload":{"user_id":"a","churn_risk":7,"contract_type":"One year"}}"#
        let facts = try #require(self.facts(text, segmentField: nil))
        #expect(facts.customer == "a")
        #expect(facts.band == nil)
        #expect(facts.eventType.isEmpty)
        #expect(facts.segment == nil)
    }

    @Test(
        "a text that is no frame has no facts",
        arguments: [
            "", "{}", #"{"type":"new_event""#, #"{"type":"new_event","payload":{]}"#, #"{"type":"new_event","x":{}}"#,
            #"{"payload":{},"type":"new_event"}"#,
        ])
    func none(_ text: String) { #expect(self.facts(text) == nil) }
}
