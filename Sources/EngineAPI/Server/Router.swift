/// One operation: its method, its path, and what serves it.
struct Route: Sendable {
    typealias Operation = @Sendable (Engine, Request, Response) async throws -> Void

    let method: String
    /// The parts of the path; `:NAME` is a parameter, `*NAME` one of several parts.
    let pattern: [String]
    let operation: Operation
    /// Whether it changes something, which a read-only server refuses.
    let isChange: Bool

    init(
        _ method: String,
        _ pattern: String,
        isChange: Bool? = nil,
        _ operation: @escaping Operation
    ) {
        self.method = method
        self.pattern = pattern.split(separator: "/").map(String.init)
        self.isChange = isChange ?? (method != "GET" && method != "HEAD")
        self.operation = operation
    }

    /// Whether it changes images, which belong to no project.
    var changesImages: Bool {
        isChange && ["build", "commit", "images"].contains(pattern.first)
    }

    /// The parameters of a path, percent-decoded; nil if it is not this route's.
    func parameters(of path: [Substring]) -> [String: String]? {
        guard let wide = pattern.firstIndex(where: { $0.hasPrefix("*") }) else {
            return path.count == pattern.count ? match(path[...], pattern[...]) : nil
        }
        let after = pattern.count - wide - 1
        guard path.count > wide + after,
            var found = match(path[..<wide], pattern[..<wide]),
            let rest = match(path.suffix(after), pattern.suffix(after))
        else { return nil }
        found.merge(rest) { $1 }
        let value = path[wide..<path.count - after].joined(separator: "/")
        found[String(pattern[wide].dropFirst())] = PercentEncoding.decode(value)
        return found
    }

    private func match(
        _ path: ArraySlice<Substring>,
        _ pattern: ArraySlice<String>
    ) -> [String: String]? {
        var found: [String: String] = [:]
        for (part, expected) in zip(path, pattern) {
            if expected.hasPrefix(":") {
                found[String(expected.dropFirst())] = PercentEncoding.decode(part)
            } else if part != expected {
                return nil
            }
        }
        return found
    }
}

/// Finds the operation for a request.
struct Router: Sendable {
    /// A route with the values of its parameters.
    struct Match: Sendable {
        var route: Route
        var version: APIVersion
        var parameters: [String: String]
    }

    private let routes: [Route]

    init(_ routes: [Route] = Route.all) { self.routes = routes }

    func match(_ head: RequestHead) throws(EngineError) -> Match {
        var path = head.path.split(separator: "/")
        var version = APIVersion.newest
        if let first = path.first, first.hasPrefix("v"), let given = APIVersion(first.dropFirst()) {
            path.removeFirst()
            version = given
            if given > .newest {
                throw .badRequest(
                    "client version \(given) is too new. Maximum supported API version is "
                        + "\(APIVersion.newest)"
                )
            }
            if given < .oldest {
                throw .badRequest(
                    "client version \(given) is too old. Minimum supported API version is "
                        + "\(APIVersion.oldest), please upgrade your client to a newer version"
                )
            }
        }
        for route in routes where route.method == head.method {
            if let parameters = route.parameters(of: path) {
                return Match(route: route, version: version, parameters: parameters)
            }
        }
        throw .notFound("page not found")
    }
}
