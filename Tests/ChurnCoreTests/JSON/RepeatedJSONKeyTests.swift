import ChurnCore
import Testing

@Suite("Repeated keys of JSON") struct RepeatedJSONKeyTests {
    @Test(
        "are found in any object, and equal keys of different objects are not",
        arguments: [
            (#"{"a": 1, "a": 2}"#, "a"), (#"{"x": [{"b": {}, "c": "b", "b" : 1}]}"#, "b"),
            (#"{"a\"": 1,"a\"":2}"#, "a\""),
            (#"{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}"#, nil), (#"{"a": "a", "b": ["a", "a"]}"#, nil), ("", nil),
            (#"}}]{":"#, nil),
        ] as [(String, String?)])
    func found(_ text: String, _ key: String?) {
        #expect(RepeatedJSONKey.first(in: text.utf8) == key)
    }

    @Test(
        "a name that stands twice in one object is found, however deep and however it is spelled",
        arguments: [
            (#"{"a":1,"a":2}"#, true), (#"{"a":1,"\u0061":2}"#, true), (#"{"x":[{"b":{}},{"a":1, "a" :2}]}"#, true),
            (#"{"a":{"a":1},"b":{"a":1}}"#, false), (#"[{"a":1},{"a":2}]"#, false), (#"{"a":"a","b":"a"}"#, false),
            (#"{"a":["b","b"],"b":1}"#, false), (#"{"a\"":1,"a":2}"#, false), (#"{"a":"{\"a\":1,\"a\":2}"}"#, false),
            ("{\"\u{E9}\":1,\"e\u{301}\":2}", true), ("", false), (#"{"a"#, false), (#"{"a":1,"a"#, false),
            ("]}\"a\":1,\"a\"", false), (#"{"\"#, false),
        ])
    func isFound(_ json: String, _ isRepeated: Bool) {
        #expect((RepeatedJSONKey.first(in: json.utf8) != nil) == isRepeated, "\(json)")
    }
}
