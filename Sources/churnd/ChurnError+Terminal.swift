import ChurnCore
import Foundation

// ArgumentParser prints this for an error that ends a command.
extension ChurnError: LocalizedError {
    /// What a person at a terminal reads: what is wrong, where, and what to do.
    public var errorDescription: String? { self.advice.isEmpty ? self.description : self.advice }
}
