import ChurnCore

extension ChurnError {
    /// A customer was asked for who is not in the database.
    ///
    /// - Parameter id: what the person at the terminal typed, and may see again.
    static func noCustomer(_ id: String, during operation: StaticString) -> ChurnError {
        ChurnError(
            .dataRefused, .fatal, during: operation,
            advice: "there is no customer \(id) in users; ids are compared as they are written")
    }
}
