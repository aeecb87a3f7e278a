import ComposeFile
public import YAML

/// An attribute of a service and its place in the Compose file.
public struct AttributePlace: Sendable, Equatable {
    public var service: String
    /// The key, or nested keys joined by dots.
    public var attribute: String
    /// Nil for an attribute that is not in a file.
    public var location: SourceLocation?

    public init(service: String, attribute: String, location: SourceLocation? = nil) {
        self.service = service
        self.attribute = attribute
        self.location = location
    }
}

extension AttributePlace: CustomStringConvertible {
    public var description: String {
        (location.map { "\($0): " } ?? "") + "services.\(service).\(attribute)"
    }
}

extension Service {
    /// The attribute at `path`, for a message.
    func place(of path: String...) -> AttributePlace {
        AttributePlace(
            service: name,
            attribute: path.joined(separator: "."),
            location: source.location(of: path)
        )
    }
}
