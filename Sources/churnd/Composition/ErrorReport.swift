import ChurnCore

/// The text about an error for a person at a terminal.
enum ErrorReport {
    /// Returns the fault and its remedy; never an underlying error's text, which may hold data.
    static func text(of error: any Error) -> String {
        guard let error = error as? ChurnError else { return String(describing: error) }
        let advice = CommandAdvice.text(error.code, error.advice)
        return advice.isEmpty ? error.description : "\(error.description): \(advice)"
    }

    /// Says something on standard error that a person should know and that stops nothing.
    static func remark(_ text: String) {
        StandardError.write("note: \(text)\n")
    }

    /// Says how many customers were skipped for a number that no model can read.
    static func remark(unread count: Int, _ what: String) {
        guard count > 0 else { return }
        self.remark(
            "\(count) \(count == 1 ? "customer has" : "customers have") a number that no model can read, too large or none, "
                + "and \(count == 1 ? "was" : "were") not \(what)")
    }
}
