/// The string under a top-level key of a stream's documents, found without building trees.
public enum RootText: Sendable, Equatable {
    /// All documents are mappings without the key.
    case absent
    /// The string and its location in the last document with the key.
    case text(String, at: SourceLocation)
    /// Not determined without a tree: because of tags, aliases, merges, other values or errors.
    case unclear
}

extension RootText {
    /// Searches all documents of a stream for `key`.
    public init(
        of key: String,
        in bytes: [UInt8],
        file: String,
        limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) {
        self = .unclear
        guard bytes.count <= limits.bytes else { return }
        var events = EventReader(bytes, file: file)
        var last: RootText?
        while true {
            switch try events.next() {
            case .documentStart:
                let found = try RootText.inDocument(of: &events, under: key)
                if found == .unclear { return }
                if last == nil || found != .absent { last = found }
            case .streamEnd:
                self = last ?? .unclear
                return
            default: continue
            }
        }
    }

    private static func inDocument(
        of events: inout EventReader,
        under key: String
    ) throws(YAMLError) -> RootText {
        guard case .mappingStart(let root) = try events.next(), root.tag == nil else {
            return .unclear
        }
        var found = RootText.absent
        while true {
            let event = try events.next()
            if case .mappingEnd = event { return found }
            guard let name = text(of: event), name != "<<" else { return .unclear }
            guard name == key else {
                try events.skipNode()
                continue
            }
            let value = try events.next()
            guard found == .absent, let text = text(of: value), !text.isEmpty else {
                return .unclear
            }
            found = .text(text, at: events.location)
        }
    }

    /// The string of an untagged scalar; nil for other nodes.
    private static func text(of event: YAMLEvent) -> String? {
        guard case .scalar(let scalar) = event, scalar.properties.tag == nil,
            case .string(let text) = ScalarResolution.content(scalar)
        else { return nil }
        return text
    }
}
