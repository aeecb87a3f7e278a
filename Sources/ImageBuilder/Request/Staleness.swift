import Linux

/// The reason why an image is not the one that its build would make now.
public enum Staleness: Sendable, Equatable {
    /// A file that the build reads, as a path from the context, was changed after the build.
    case file(String)
    /// A step, as progress shows it, has other instructions, arguments or files than at the build.
    case step(String)
    /// The image has another configuration than its build gives it.
    case configuration
}

extension Staleness: CustomStringConvertible {
    /// A clause: `app/main.py has changed`.
    public var description: String {
        switch self {
        case .file(let path): "\(path) has changed"
        case .step(let name): "the step '\(name)' has changed"
        case .configuration: "its configuration in the Dockerfile has changed"
        }
    }
}
