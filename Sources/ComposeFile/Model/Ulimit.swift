/// A resource limit of setrlimit(2); -1 is unlimited.
public enum Ulimit: Sendable, Equatable {
    /// One value for both limits.
    case single(Int64)
    /// The limit that holds, and how far it may be raised.
    case pair(soft: Int64, hard: Int64)

    /// The limit that holds.
    public var soft: Int64 {
        switch self {
        case .single(let value): value
        case .pair(let soft, _): soft
        }
    }

    /// How far the limit may be raised.
    public var hard: Int64 {
        switch self {
        case .single(let value): value
        case .pair(_, let hard): hard
        }
    }
}
