// The timings as bars over time, those of the critical path first and in another colour.
extension StartTimings {
    private static let margin = 20
    private static let labels = 330
    private static let room = 600
    private static let row = 22

    /// An SVG document without scripts and external references.
    public var svg: String {
        let critical = criticalPath
        let rows = critical + spans.filter { !critical.contains($0) }
        let width = 2 * Self.margin + Self.labels + Self.room + 70
        let height = 2 * Self.margin + Self.row * (rows.count + 1)
        var lines = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            font-family="sans-serif" font-size="12">
            <title>up: \(Self.seconds(total))</title>
            <text x="\(Self.margin)" y="\(Self.margin)">up took \(Self.seconds(total)); \
            the critical path is dark</text>
            """
        ]
        for (index, span) in rows.enumerated() {
            lines += bar(span, at: index, isCritical: index < critical.count)
        }
        return (lines + ["</svg>"]).joined(separator: "\n")
    }

    private func bar(_ span: Span, at index: Int, isCritical: Bool) -> [String] {
        let y = Self.margin + Self.row * (index + 1)
        let x = Self.margin + Self.labels + offset(span.begin)
        let width = max(1, offset(span.end) - offset(span.begin))
        let colour = isCritical ? "#2d6a9f" : "#b9d3e8"
        return [
            """
            <text x="\(Self.margin)" y="\(y)">\("\(span.object): \(span.activity)".svgText)</text>
            <rect x="\(x)" y="\(y - 11)" width="\(width)" height="14" fill="\(colour)"/>
            <text x="\(x + width + 4)" y="\(y)" fill="#666666">\(Self.seconds(span.duration))</text>
            """
        ]
    }

    /// The distance from the beginning, in pixels.
    private func offset(_ time: Duration) -> Int {
        let whole = max(1, total.milliseconds)
        return Int(time.milliseconds * Int64(Self.room) / whole)
    }
}
