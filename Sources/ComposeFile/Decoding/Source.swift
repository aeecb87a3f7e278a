public import YAML

/// The tree from which a value was decoded.
///
/// All instances are equal, so that models are compared by their attributes.
public struct Source: Sendable, Equatable {
    /// The root of the tree; nil for a value that was not decoded.
    public internal(set) var node: YAMLNode?

    /// Returns true.
    public static func == (left: Source, right: Source) -> Bool { true }

    /// The location of an attribute's key, or of the deepest existing element on its path.
    public func location(of path: [String]) -> SourceLocation? {
        guard var node else { return nil }
        var location = node.location
        for step in path {
            if let entry = node.mapping?.entry(step) {
                (node, location) = (entry.value, entry.keyLocation)
            } else if let elements = node.sequence, let index = Int(step),
                elements.indices.contains(index)
            {
                (node, location) = (elements[index], elements[index].location)
            } else {
                break
            }
        }
        return location
    }
}
