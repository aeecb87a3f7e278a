import YAML

/// A resource limit of setrlimit(2); -1 means unlimited.
public enum Ulimit: Sendable, Equatable {
    /// One value for both limits.
    case single(Int64)
    /// Different soft and hard limits.
    case pair(soft: Int64, hard: Int64)

    /// The soft limit.
    public var soft: Int64 {
        switch self {
        case .single(let value): value
        case .pair(let soft, _): soft
        }
    }

    /// The hard limit.
    public var hard: Int64 {
        switch self {
        case .single(let value): value
        case .pair(_, let hard): hard
        }
    }
}

extension Ulimit {
    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        guard node.mapping != nil else {
            let value = node.integer ?? node.string.flatMap { Int($0) }
            guard let value else {
                let found = node.plainText ?? node.kind
                let problem = ComposeError.Problem.expected(
                    "an integer, or soft and hard",
                    found: "'\(found)'",
                    path: "\(path)"
                )
                throw ComposeError(problem, at: node.location)
            }
            self = .single(Int64(value))
            return
        }
        let fields = try Fields(of: node, at: path)
        self = .pair(
            soft: try fields.number("soft") ?? 0,
            hard: try fields.number("hard") ?? 0
        )
    }
}
