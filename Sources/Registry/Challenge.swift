/// An authentication challenge of a registry. Source: RFC 9110, 11.6.1; Distribution's token
/// authentication specification.
enum Challenge: Equatable, Sendable {
    case basic
    case bearer(realm: String, service: String?, scope: String?)

    /// Parses a `WWW-Authenticate` header; nil for other schemes.
    init?(_ header: String) {
        let trimmed = header.drop { $0 == " " }
        let scheme = trimmed.prefix { $0 != " " }.lowercased()
        var reader = ParameterReader(rest: trimmed.dropFirst(scheme.count))
        switch scheme {
        case "basic": self = .basic
        case "bearer":
            let parameters = reader.all()
            guard let realm = parameters["realm"] else { return nil }
            self = .bearer(
                realm: realm,
                service: parameters["service"],
                scope: parameters["scope"]
            )
        default: return nil
        }
    }
}

/// Parses `name="value",name=value`.
private struct ParameterReader {
    var rest: Substring

    mutating func all() -> [String: String] {
        var parameters: [String: String] = [:]
        while true {
            rest = rest.drop { $0 == " " || $0 == "," }
            let name = rest.prefix { $0 != "=" && $0 != "," }
            guard !name.isEmpty, parameters.count < 16 else { return parameters }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            parameters[name.lowercased().filter { $0 != " " }] = value()
        }
    }

    private mutating func value() -> String {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != "," }
            rest = rest.dropFirst(value.count)
            return String(value)
        }
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let escaped = rest.popFirst() {
                value.append(escaped)
            } else {
                value.append(character)
            }
        }
        return value
    }
}
