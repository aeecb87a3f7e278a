import ComposeFile
public import YAML

/// An attribute in a Compose file, with its location.
public struct AttributePlace: Sendable, Equatable {
    /// The keys from the root, joined by dots, such as `services.web.sysctls`.
    public var path: String
    /// Nil for an attribute that comes from no file.
    public var location: SourceLocation?

    public init(path: String, location: SourceLocation? = nil) {
        self.path = path
        self.location = location
    }

    /// Creates the place of a service's attribute.
    public init(service: String, attribute: String, location: SourceLocation? = nil) {
        self.init(path: "services.\(service).\(attribute)", location: location)
    }
}

extension AttributePlace: CustomStringConvertible {
    public var description: String {
        (location.map { "\($0): " } ?? "") + path
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
