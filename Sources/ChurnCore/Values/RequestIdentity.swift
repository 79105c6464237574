/// Names of requests in answers and logs, and of deliveries.
package enum RequestIdentity {
    package static func next() -> String {
        let text = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
