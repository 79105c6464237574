package import Testing

/// Waits until something real has happened, for a bounded time.
package func eventually(
    within limit: Duration = .seconds(30), _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    var pause = Duration.milliseconds(2)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(100))
    }
    Issue.record(what, sourceLocation: sourceLocation)
    throw GaveUp()
}

package struct GaveUp: Error {
    package init() {}
}
