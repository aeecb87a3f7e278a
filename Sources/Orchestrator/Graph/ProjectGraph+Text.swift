// The forms of a graph for terminals and other programs.
extension ProjectGraph {
    /// A tree: the services that no other needs, each above what it needs.
    public var tree: String {
        let needed = Set(dependencies.map(\.to))
        var lines = ["\(project)"]
        let roots = services.filter { !needed.contains($0.name) }
        for (place, root) in roots.enumerated() {
            draw(root, nil, indent: "", isLast: place == roots.count - 1, into: &lines)
        }
        if !networks.isEmpty { lines.append("networks: \(networks.joined(separator: ", "))") }
        if !volumes.isEmpty { lines.append("volumes: \(volumes.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }

    private func draw(
        _ node: Node,
        _ condition: String?,
        indent: String,
        isLast: Bool,
        into lines: inout [String]
    ) {
        let condition = condition.map { " (\($0))" } ?? ""
        var line = "\(indent)\(isLast ? "└─ " : "├─ ")\(node.name)\(condition): \(node.state)"
        if !node.ports.isEmpty { line += "  \(node.ports.joined(separator: ", "))" }
        if !node.networks.isEmpty { line += "  on \(node.networks.joined(separator: ", "))" }
        if !node.volumes.isEmpty { line += "  with \(node.volumes.joined(separator: ", "))" }
        lines.append(line)
        let below = dependencies.filter { $0.from == node.name }
        for (place, edge) in below.enumerated() {
            guard let next = services.first(where: { $0.name == edge.to }) else { continue }
            draw(
                next,
                edge.condition,
                indent: indent + (isLast ? "   " : "│  "),
                isLast: place == below.count - 1,
                into: &lines
            )
        }
    }

    /// The language of Graphviz.
    public var dot: String {
        var lines = ["digraph \(Self.quoted(project)) {", "  rankdir=LR; node [shape=box];"]
        for node in services {
            let label = ([node.name, node.state] + node.ports).joined(separator: "\n")
            lines.append("  \(Self.quoted(node.name)) [label=\(Self.quoted(label))];")
        }
        for edge in dependencies {
            let ends = "\(Self.quoted(edge.from)) -> \(Self.quoted(edge.to))"
            lines.append("  \(ends) [label=\(Self.quoted(edge.condition))];")
        }
        for (kind, shape, names, members) in resources {
            for name in names {
                let id = Self.quoted("\(kind) \(name)")
                lines.append("  \(id) [label=\(Self.quoted(name)), shape=\(shape)];")
                for node in services where node[keyPath: members].contains(name) {
                    lines.append("  \(Self.quoted(node.name)) -> \(id) [style=dotted, dir=none];")
                }
            }
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private var resources: [(String, String, [String], KeyPath<Node, [String]>)] {
        [
            ("network", "ellipse", networks, \.networks),
            ("volume", "cylinder", volumes, \.volumes),
        ]
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }

    /// A Mermaid flowchart.
    public var mermaid: String {
        var lines = ["flowchart LR"]
        let numbers = Dictionary(
            services.enumerated().map { ($0.element.name, "s\($0.offset)") }
        ) { $1 }
        for (place, node) in services.enumerated() {
            let label = ([node.name, node.state] + node.ports).joined(separator: "<br>")
            lines.append("  s\(place)[\"\(Self.entities(label))\"]")
        }
        for edge in dependencies {
            guard let from = numbers[edge.from], let to = numbers[edge.to] else { continue }
            lines.append("  \(from) -->|\(edge.condition)| \(to)")
        }
        for (place, name) in volumes.enumerated() {
            lines.append("  v\(place)[(\"\(Self.entities(name))\")]")
            for (number, node) in services.enumerated() where node.volumes.contains(name) {
                lines.append("  s\(number) -.- v\(place)")
            }
        }
        for (place, name) in networks.enumerated() {
            lines.append("  n\(place)([\"\(Self.entities(name))\"])")
            for (number, node) in services.enumerated() where node.networks.contains(name) {
                lines.append("  s\(number) -.- n\(place)")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func entities(_ text: String) -> String {
        text.replacing("\"", with: "#quot;")
    }
}
