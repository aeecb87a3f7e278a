/// A service with some attributes, a script that asks its container for what it has got, and the
/// lines that it must print.
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

    /// The service as the file has it; it has no network unless it asks for one.
    var service: String {
        var lines = ["  \(name):", "    image: test/people"]
        if !attributes.contains("network") { lines.append("    network_mode: none") }
        lines += attributes.split(separator: "\n").map { "    \($0)" }
        if !script.isEmpty {
            lines += ["    command:", "      - sh", "      - -c", "      - |"]
            // A dollar of its own is the loader's.
            lines += script.replacing("$", with: "$$").split(separator: "\n").map {
                "        \($0)"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
