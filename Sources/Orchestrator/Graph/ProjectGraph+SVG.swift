// The drawing of a graph: services in columns, dependents to the left of what they need.
extension ProjectGraph {
    private static let box = (width: 220, height: 74)
    private static let gap = (across: 90, down: 24)
    private static let margin = 20

    /// An SVG document without scripts and external references.
    public var svg: String {
        let places = places()
        let columns = (services.map(\.rank).max() ?? 0) + 1
        let rows = Dictionary(grouping: services, by: \.rank).values.map(\.count).max() ?? 1
        let width = 2 * Self.margin + columns * (Self.box.width + Self.gap.across) - Self.gap.across
        let height = 2 * Self.margin + rows * (Self.box.height + Self.gap.down)
        var lines = [Self.head(width, height, title: project)]
        for edge in dependencies {
            guard let from = places[edge.from], let to = places[edge.to] else { continue }
            lines.append(Self.arrow(from, to, edge.condition))
        }
        for node in services {
            if let place = places[node.name] { lines += Self.draw(node, place) }
        }
        return (lines + ["</svg>"]).joined(separator: "\n")
    }

    private static func head(_ width: Int, _ height: Int, title: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        font-family="sans-serif" font-size="12">
        <title>\(title.svgText)</title>
        <defs><marker id="arrow" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="7" \
        markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z"/></marker></defs>
        """
    }

    private typealias Place = (x: Int, y: Int)

    private func places() -> [String: Place] {
        let highest = services.map(\.rank).max() ?? 0
        var rows: [Int: Int] = [:]
        return services.reduce(into: [:]) { places, node in
            let row = rows[node.rank, default: 0]
            rows[node.rank] = row + 1
            places[node.name] = (
                Self.margin + (highest - node.rank) * (Self.box.width + Self.gap.across),
                Self.margin + row * (Self.box.height + Self.gap.down)
            )
        }
    }

    private static func draw(_ node: Node, _ place: Place) -> [String] {
        let details = [
            node.ports.joined(separator: ", "),
            (node.networks + node.volumes).joined(separator: ", "),
        ]
        let colour =
            switch node.state {
            case "running", "healthy": "#d5f0d8"
            case "absent", "created": "#eeeeee"
            case "exited", "dead", "unhealthy": "#f6d5d5"
            default: "#fdf2cc"
            }
        let texts = ["\(node.name): \(node.state)"] + details.filter { !$0.isEmpty }
        var lines = [
            """
            <rect x="\(place.x)" y="\(place.y)" width="\(box.width)" height="\(box.height)" rx="6" \
            fill="\(colour)" stroke="#444444"/>
            """
        ]
        for (row, text) in texts.enumerated() {
            let y = place.y + 22 + 20 * row
            lines.append(
                "<text x=\"\(place.x + 10)\" y=\"\(y)\">\(shortened(text).svgText)</text>"
            )
        }
        return lines
    }

    private static func arrow(_ from: Place, _ to: Place, _ condition: String) -> String {
        let (x1, y1) = (from.x + box.width, from.y + box.height / 2)
        let (x2, y2) = (to.x, to.y + box.height / 2)
        let (x, y) = ((x1 + x2) / 2, (y1 + y2) / 2 - 6)
        return """
            <path d="M\(x1) \(y1)C\(x1 + 45) \(y1) \(x2 - 45) \(y2) \(x2) \(y2)" fill="none" \
            stroke="#444444" marker-end="url(#arrow)"/>
            <text x="\(x)" y="\(y)" text-anchor="middle" fill="#666666">\(condition)</text>
            """
    }

    private static func shortened(_ text: String) -> String {
        text.count > 34 ? text.prefix(33) + "…" : text
    }
}
