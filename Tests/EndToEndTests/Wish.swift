/// A service with attributes, a script that prints their effect, and the expected lines.
struct Wish: Sendable {
    let name: String
    /// Lines of the service, without their indentation.
    let attributes: String
    let script: String
    var expected: [String]

    init(_ name: String, _ attributes: String, _ script: String, _ expected: String...) {
        self.name = name
        self.attributes = attributes
        self.script = script
        self.expected = expected
    }

    /// The service in the Compose file; without a network unless the attributes have one.
    var service: String {
        var lines = ["  \(name):", "    image: test/people"]
        if !attributes.contains("network") { lines.append("    network_mode: none") }
        lines += attributes.split(separator: "\n").map { "    \($0)" }
        if !script.isEmpty {
            lines += ["    command:", "      - sh", "      - -c", "      - |"]
            // The loader interpolates a single dollar.
            lines += script.replacing("$", with: "$$").split(separator: "\n").map {
                "        \($0)"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
