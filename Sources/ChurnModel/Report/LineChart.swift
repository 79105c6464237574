import Foundation

/// A chart of a few lines, written as SVG without any outside part.
struct LineChart {
    struct Line {
        var name: String
        var color: String
        var points: [QualityCurves.Point]
        var isDashed = false
        var hasMarks = false
    }

    var title: String
    var xTitle: String
    var yTitle: String
    var yMaximum = 1.0
    var lines: [Line]

    private static let (width, height) = (520.0, 400.0)
    private static let (left, right, top, bottom) = (64.0, 20.0, 44.0, 56.0)

    private static let (pale, soft, ink) = ("#e4e7eb", "#52606d", "#1f2933")

    /// The picture.
    var svg: String {
        ([
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 400" width="520" height="400" role="img" \
            aria-label="\(Self.escaped(self.title))" font-family="sans-serif" font-size="12">
            <rect width="520" height="400" fill="#ffffff"/>
            <text x="64" y="24" font-size="15" fill="#1f2933">\(Self.escaped(self.title))</text>
            """
        ] + self.grid + self.lines.map { self.path($0) } + self.legend + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func x(_ value: Double) -> String {
        Self.text(Self.left + min(max(value, 0), 1) * (Self.width - Self.left - Self.right))
    }

    private func y(_ value: Double) -> String {
        let share = min(max(value / self.yMaximum, 0), 1)
        return Self.text(Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom))
    }

    private var grid: [String] {
        let (bottom, right) = (Self.height - Self.bottom, Self.width - Self.right)
        var parts: [String] = []
        for step in 0...5 {
            let share = Double(step) / 5
            let (x, y) = (self.x(share), self.y(share * self.yMaximum))
            parts.append(
                #"<path d="M\#(x) \#(Self.top)V\#(bottom)M\#(Self.left) \#(y)H\#(right)" stroke="\#(Self.pale)"/>"#)
            parts.append(
                #"<text x="\#(x)" y="\#(bottom + 18)" text-anchor="middle" fill="\#(Self.soft)">\#(Self.label(share))</text>"#
            )
            parts.append(
                #"<text x="\#(Self.left - 8)" y="\#(y)" dy="4" text-anchor="end" fill="\#(Self.soft)">"#
                    + "\(Self.label(share * self.yMaximum))</text>")
        }
        let middle = (Self.left + right) / 2
        let half = (Self.top + bottom) / 2
        parts.append(
            #"<text x="\#(middle)" y="\#(Self.height - 14)" text-anchor="middle" fill="\#(Self.ink)">"#
                + "\(Self.escaped(self.xTitle))</text>")
        parts.append(
            #"<text x="16" y="\#(half)" text-anchor="middle" transform="rotate(-90 16 \#(half))" fill="\#(Self.ink)">"#
                + "\(Self.escaped(self.yTitle))</text>")
        return parts
    }

    private func path(_ line: Line) -> String {
        let places = line.points.map { (x: self.x($0.x), y: self.y($0.y)) }
        let d = places.enumerated().map { "\($0 == 0 ? "M" : "L")\($1.x) \($1.y)" }.joined()
        let dash = line.isDashed ? #" stroke-dasharray="5 4""# : ""
        let marks =
            line.hasMarks
            ? places.map { #"<circle cx="\#($0.x)" cy="\#($0.y)" r="3" fill="\#(line.color)"/>"# }.joined() : ""
        return #"<path d="\#(d)" fill="none" stroke="\#(line.color)" stroke-width="2"\#(dash)/>"# + marks
    }

    private var legend: [String] {
        self.lines.enumerated().map { index, line in
            let x = Self.left + Double(index) * 150
            return #"<path d="M\#(x) 36h18" stroke="\#(line.color)" stroke-width="3"/>"#
                + #"<text x="\#(x + 24)" y="40" fill="\#(Self.soft)">\#(Self.escaped(line.name))</text>"#
        }
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func label(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
