import ChurnCore
import ChurnFiles
import ChurnServe

/// Explains the customers of a CSV file: id, margin, base margin, and a column for each feature.
struct ExplainedFile {
    let path: String
    let domain: Domain

    func print(by predictor: any Predictor) async throws {
        guard let explainer = predictor.explainer else {
            throw ChurnError(
                .predictionFailed, .fatal, during: "explain a file", advice: "this model has no explainer")
        }
        var policy = CustomerFilePolicy()
        policy.skipsUnreadableNumbers = true
        var customers = try CustomerFile(CSVInput(argument: self.path), domain: self.domain, policy: policy)
        let columns = ["id", "margin", "base_margin"] + self.domain.schema.features.map(\.column)
        try StandardOutput.write([UInt8]((columns.joined(separator: ",") + "\n").utf8))
        while true {
            let chunk = try customers.nextChunk(of: 4_096)
            if chunk.isEmpty {
                let unread = customers.notes.tooLarge.count
                return ErrorReport.remark(unread: unread, "explained")
            }
            let explanations = try await explainer.explain(chunk.map(\.customer.features))
            var lines: [UInt8] = []
            for (row, explanation) in zip(chunk, explanations) {
                lines += CSVText.guarded(row.customer.id).utf8
                for number in [explanation.margin, explanation.baseMargin] + explanation.contributions {
                    lines += ",\(number)".utf8
                }
                lines.append(UInt8(ascii: "\n"))
            }
            try StandardOutput.write(lines)
        }
    }
}
