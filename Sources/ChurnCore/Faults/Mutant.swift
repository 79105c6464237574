/// A deliberate defect, switched on by tests to show that a named test notices it.
///
/// Exists in debug builds only.
package enum Mutant: String, CaseIterable, Sendable {
    /// Writes do not compare positions.
    case noFence
    /// Writes refuse only ranges that begin below the stored position.
    case fenceOnlyFromBelow
    /// Progress is reported to the transport before the write.
    case commitBeforeWrite
    /// Writes do not compare customers' versions.
    case noVersionCheck
    /// Rejections are dropped instead of becoming dead letters.
    case rejectionSkipped
    /// A batch prepared during a write does not see that write's states.
    case overlayNotRead
    /// A change of features by another program does not raise the version.
    case triggerIgnored

    #if DEBUG
        @TaskLocal package static var active: Mutant?
    #endif

    /// Whether this defect is switched on; never in a release build.
    package var isActive: Bool {
        #if DEBUG
            Mutant.active == self
        #else
            false
        #endif
    }
}
