extension Timestamp {
    /// The most that a record's clock may be ahead of ours.
    private static let tolerance = Duration.seconds(3_600)

    /// A record's time as far as it is believed: by default it is its producer's, whose clock may be ahead by years.
    ///
    /// - Parameter now: the time of day; it takes the place of a time that lies more than an hour after it.
    func believed(at now: Timestamp) -> Timestamp {
        self > now.advanced(by: Self.tolerance) ? now : self
    }
}
