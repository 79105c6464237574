import ChurnCore
import Testing

@Suite("Ids in normal form")
struct NormalFormTests {
    /// Pairs that are equal to Swift; the first of each is in normal form C.
    static let spellings: [(String, String)] = [
        ("\u{E9}", "e\u{301}"), ("\u{C5}", "\u{212B}"), ("\u{C5}", "A\u{30A}"), ("\u{AC00}", "\u{1100}\u{1161}"),
        ("\u{1E69}", "s\u{307}\u{323}"), ("\u{3A9}", "\u{2126}"),
    ]

    @Test("of two spellings of one text exactly one is in normal form", arguments: spellings)
    func form(_ normal: String, _ other: String) {
        #expect(normal == other && !normal.utf8.elementsEqual(other.utf8))
        #expect(normal.isInNormalForm)
        #expect(!other.isInNormalForm)
    }

    @Test(
        "ordinary ids are in normal form",
        arguments: ["", "7590-VHVEG", "M\u{FC}ller", "\u{65E5}\u{672C}", "\u{1F600}", "x\u{301}", "\u{2CB}"])
    func ordinary(_ id: String) { #expect(id.isInNormalForm) }

    @Test("two spellings of one text are two keys, and one customer's state is not the other's", arguments: spellings)
    func keys(_ normal: String, _ other: String) {
        let keys: [CustomerKey] = [CustomerKey(normal), CustomerKey(other), CustomerKey(normal)]
        #expect(keys[0] != keys[1])
        #expect(keys[0] == keys[2])
        #expect(Set(keys).count == 2)
        let states = [normal: CustomerState(id: normal, features: [])]
        #expect(states[other] != nil, "to Swift they are equal")
        #expect(states.state(of: other) == nil)
        #expect(states.state(of: normal) != nil)
    }

    @Test("an event whose customer or id is in another form becomes a dead letter that says so", arguments: spellings)
    func events(_ normal: String, _ other: String) {
        let decoder = EventDecoder(domain: .telco)
        func record(user: String? = nil, event: String = "e", key: String? = nil) -> Record {
            let user = user.map { #","user_id":"\#($0)""# } ?? ""
            return makeRecord(
                Array(#"{"event_type":"a","event_id":"\#(event)"\#(user)}"#.utf8), key: key.map { Array($0.utf8) })
        }
        for good in [record(user: normal, key: normal), record(key: normal), record(user: "u", event: normal)] {
            guard case .event = decoder.decode(good) else { return _ = Issue.record("refused in normal form") }
        }
        for (bad, name) in [
            (record(user: other), "user_id"), (record(user: other, key: other), "user_id"),
            (record(key: other), "the record's key"), (record(user: "u", event: other), "event_id"),
        ] {
            guard case .rejected(let rejection) = decoder.decode(bad) else { return _ = Issue.record("accepted") }
            #expect(rejection.code == .invalidField)
            #expect(rejection.reason.hasPrefix("\(name) is not in Unicode normal form C"))
            #expect(rejection.record == bad)
        }
    }
}
