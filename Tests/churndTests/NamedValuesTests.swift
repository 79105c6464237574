import Testing

@testable import churnd

@Suite("Values by name")
struct NamedValuesTests {
    @Test("Pairs are read, with spaces around them and equals signs within a value")
    func reads() {
        let values = NamedValues("fetch.min.bytes=1, client.rack = a,ssl.engine=x=y")
        #expect(values?.values == ["fetch.min.bytes": "1", "client.rack": "a", "ssl.engine": "x=y"])
    }

    @Test(
        "A pair without a name, a value or an equals sign, and a name that stands twice, are refused",
        arguments: ["", "a", "a=", "=1", "a=1,,b=2", "a=1,a=2", "a=1,"])
    func refuses(text: String) { #expect(NamedValues(text) == nil) }
}
