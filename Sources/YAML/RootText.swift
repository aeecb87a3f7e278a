/// What a stream's documents say directly under one key, found without making trees of them.
public enum RootText: Sendable, Equatable {
    /// Every document is a mapping without that key.
    case absent
    /// What the last document that has the key says, and where.
    case text(String, at: SourceLocation)
    /// Only a tree tells: of tags, aliases, merged mappings, values that are no text, and faults.
    case unclear
}

extension RootText {
    /// Looks for `key` in all documents of a stream.
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

    /// The text of an untagged scalar; nil for every other node.
    private static func text(of event: YAMLEvent) -> String? {
        guard case .scalar(let scalar) = event, scalar.properties.tag == nil,
            case .string(let text) = ScalarResolution.content(scalar)
        else { return nil }
        return text
    }
}
