/// A service's environment, divided by origin and confidentiality.
struct EnvironmentDesign {
    /// Variables of the Compose file.
    var variables: [String: String] = [:]
    /// The object with the variables of env files, if there are any.
    var configMap: Node?
    /// The object with confidential variables, if there are any.
    var secret: Node?
    /// The name of both objects.
    var name: String

    /// Whether a variable's name suggests that its value is confidential.
    static func isConfidential(_ variable: String) -> Bool {
        let name = variable.uppercased()
        guard !name.hasSuffix("_FILE") else { return false }
        return ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "CREDENTIAL", "API_KEY", "PRIVATE_KEY"]
            .contains { name.contains($0) }
    }

    /// Protects `$` from expansion by the kubelet, which reads `$(NAME)` and `$$`.
    static func escaped(_ text: String) -> String {
        text.contains("$(") || text.contains("$$") ? text.replacing("$", with: "$$") : text
    }
}
