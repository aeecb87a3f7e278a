public import YAML

/// The place in the files that a value was decoded from.
///
/// Any two are equal, so that models are compared by what they say.
public struct Source: Sendable, Equatable {
    /// The tree of the value; nil for one that was made otherwise.
    var node: YAMLNode?

    /// Always true.
    public static func == (left: Source, right: Source) -> Bool { true }

    /// Where an attribute is written: its key, or the deepest place on the way to it.
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
