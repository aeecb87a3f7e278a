/// Builds trees from events: resolves aliases, merges `<<`, collects `!reset` and `!override`.
struct DocumentBuilder: ~Copyable {
    /// A complete node with facts needed by its parent.
    struct Part {
        var node: YAMLNode
        /// The number of nodes including itself, counting the content of every alias.
        var weight = 1
        /// Its marks, with paths relative to it, innermost key first.
        var marks: [YAMLMark] = []
        /// Whether it is tagged `!reset` and left out of the tree.
        var isReset = false
    }

    private var events: EventReader
    private let limits: YAMLLimits
    private var anchors: [String: Part] = [:]
    private var openAnchors: Set<String> = []
    /// The keys from the root to the current node, for messages.
    private var path: [String] = []
    private var weight = 0
    private var depth = 0
    /// The number of enclosing nodes tagged `!override`, within which tags have no effect.
    private var overrides = 0

    init(events: consuming EventReader, limits: YAMLLimits) {
        self.events = events
        self.limits = limits
    }

    /// Reads all documents of the stream.
    mutating func documents() throws(YAMLError) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        while true {
            switch try events.next() {
            case .streamEnd: return documents
            case .documentStart: documents.append(try document())
            default: continue
            }
        }
    }

    private mutating func document() throws(YAMLError) -> YAMLDocument {
        anchors = [:]
        let part = try node(try events.next())
        var root = part.node
        if part.isReset { root.content = .null }
        return YAMLDocument(root: root, marks: part.marks.map(DocumentBuilder.outward))
    }

    /// Builds the node that starts with an event.
    private mutating func node(_ event: YAMLEvent) throws(YAMLError) -> Part {
        let location = events.location
        switch event {
        case .alias(let name):
            return try alias(name, at: location)
        case .scalar(let scalar):
            let part = Part(node: YAMLNode(try content(of: scalar, at: location), at: location))
            try count(1, at: location)
            return finish(part, scalar.properties)
        case .sequenceStart(let properties):
            return try nested(properties, at: location) { (builder) throws(YAMLError) in
                try builder.sequence(at: location)
            }
        case .mappingStart(let properties):
            return try nested(properties, at: location) { (builder) throws(YAMLError) in
                try builder.mapping(at: location)
            }
        default:
            preconditionFailure("libyaml starts a node with one of the events above")
        }
    }

    private mutating func nested(
        _ properties: YAMLEvent.Properties,
        at location: SourceLocation,
        _ body: (inout DocumentBuilder) throws(YAMLError) -> Part
    ) throws(YAMLError) -> Part {
        try count(1, at: location)
        guard depth < limits.depth else {
            throw YAMLError(.tooDeep(limit: limits.depth), at: location)
        }
        let isOverride = properties.tag == "!override"
        if let anchor = properties.anchor { openAnchors.insert(anchor) }
        depth += 1
        if isOverride { overrides += 1 }
        let part = try body(&self)
        if isOverride { overrides -= 1 }
        depth -= 1
        if let anchor = properties.anchor { openAnchors.remove(anchor) }
        return finish(part, properties)
    }

    private mutating func finish(_ part: Part, _ properties: YAMLEvent.Properties) -> Part {
        var part = part
        if overrides == 0, let kind = DocumentBuilder.kind(of: properties.tag) {
            part.isReset = kind == .reset
            part.marks = [YAMLMark(kind: kind, path: [], location: part.node.location)]
        }
        if let anchor = properties.anchor { anchors[anchor] = part }
        return part
    }

    private mutating func alias(
        _ name: String,
        at location: SourceLocation
    ) throws(YAMLError)
        -> Part
    {
        guard !openAnchors.contains(name) else {
            throw YAMLError(.aliasInsideItself(name), at: location)
        }
        guard let part = anchors[name] else {
            throw YAMLError(.undefinedAnchor(name), at: location)
        }
        try count(part.weight, at: location)
        return part
    }

    private mutating func sequence(at location: SourceLocation) throws(YAMLError) -> Part {
        var part = Part(node: YAMLNode(.null, at: location))
        var elements: [YAMLNode] = []
        var position = 0
        while true {
            let event = try events.next()
            if case .sequenceEnd = event { break }
            path.append(String(position))
            let element = try node(event)
            path.removeLast()
            part.take(element, under: String(position))
            if !element.isReset { elements.append(element.node) }
            position += 1
        }
        part.node.content = .sequence(elements)
        return part
    }

    private mutating func mapping(at location: SourceLocation) throws(YAMLError) -> Part {
        var part = Part(node: YAMLNode(.null, at: location))
        var mapping = Mapping()
        var seen = KeySet()
        var merged: [Mapping] = []
        while true {
            let event = try events.next()
            if case .mappingEnd = event { break }
            let keyLocation = events.location
            let (key, isMerge) = try key(event, at: keyLocation)
            if let first = seen.insert(key, at: keyLocation) {
                throw YAMLError(.duplicateKey(key, first: first), at: keyLocation)
            }
            path.append(key)
            let value = try node(try events.next())
            path.removeLast()
            part.take(value, under: isMerge ? nil : key)
            if value.isReset { continue }
            if isMerge {
                merged = try mappings(toMerge: value.node)
            } else {
                mapping.set(.init(key: key, keyLocation: keyLocation, value: value.node))
            }
        }
        for other in merged {
            for entry in other where mapping.position(of: entry.key) == nil { mapping.set(entry) }
        }
        part.node.content = .mapping(mapping)
        return part
    }

    private func mappings(toMerge node: YAMLNode) throws(YAMLError) -> [Mapping] {
        if let mapping = node.mapping { return [mapping] }
        guard let elements = node.sequence else {
            throw YAMLError(.mergeNeedsMapping(found: node.kind), at: node.location)
        }
        var mappings: [Mapping] = []
        for element in elements {
            guard let mapping = element.mapping else {
                throw YAMLError(.mergeNeedsMapping(found: element.kind), at: element.location)
            }
            mappings.append(mapping)
        }
        return mappings
    }

    private mutating func key(
        _ event: YAMLEvent,
        at location: SourceLocation
    ) throws(YAMLError)
        -> (String, isMerge: Bool)
    {
        if case .scalar(let scalar) = event, scalar.text == "<<" {
            let tag = scalar.properties.tag
            if tag == "!!merge" || (tag == nil && scalar.isPlain) { return ("<<", true) }
        }
        let part = try node(event)
        guard let key = part.node.string else {
            throw YAMLError(.keyNotText(part.node.scalarText, path: path), at: location)
        }
        return (key, false)
    }

    private func content(
        of scalar: YAMLEvent.Scalar,
        at location: SourceLocation
    )
        throws(YAMLError) -> YAMLNode.Content
    {
        guard let content = ScalarResolution.content(scalar) else {
            let tag = scalar.properties.tag ?? ""
            throw YAMLError(.tagMismatch(tag: tag, text: scalar.text), at: location)
        }
        return content
    }

    private mutating func count(_ nodes: Int, at location: SourceLocation) throws(YAMLError) {
        weight += nodes
        guard weight <= limits.nodes else {
            throw YAMLError(.tooManyNodes(limit: limits.nodes), at: location)
        }
    }

    private static func kind(of tag: String?) -> YAMLMark.Kind? {
        switch tag {
        case "!reset": .reset
        case "!override": .override
        default: nil
        }
    }

    private static func outward(_ mark: YAMLMark) -> YAMLMark {
        YAMLMark(kind: mark.kind, path: mark.path.reversed(), location: mark.location)
    }
}

extension DocumentBuilder.Part {
    /// Adds the weight and marks of a child; without a key, the marks' paths are unchanged.
    mutating func take(_ child: DocumentBuilder.Part, under key: String?) {
        weight += child.weight
        for mark in child.marks {
            var mark = mark
            if let key { mark.path.append(key) }
            marks.append(mark)
        }
    }
}

/// The keys of a mapping so far and their locations.
private struct KeySet {
    private var few: [(key: String, location: SourceLocation)] = []
    private var many: [String: SourceLocation] = [:]

    /// Adds a key; returns the location of an earlier one, if present.
    mutating func insert(_ key: String, at location: SourceLocation) -> SourceLocation? {
        if many.isEmpty {
            if let earlier = few.first(where: { $0.key == key }) { return earlier.location }
            few.append((key, location))
            if few.count == 16 {
                for (key, location) in few { many[key] = location }
            }
            return nil
        }
        return many.updateValue(location, forKey: key)
    }
}

extension YAMLNode {
    /// The representation of a non-string key in messages.
    fileprivate var scalarText: String {
        switch content {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .float(let value): String(value)
        case .string(let value), .timestamp(let value): value
        case .sequence, .mapping: kind
        }
    }
}
