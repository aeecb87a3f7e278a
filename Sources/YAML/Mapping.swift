/// Keys with their values, in the order of the document.
public struct Mapping: Sendable {
    /// A key with its value.
    public struct Entry: Sendable {
        public let key: String
        public let keyLocation: SourceLocation
        public var value: YAMLNode

        public init(key: String, keyLocation: SourceLocation, value: YAMLNode) {
            self.key = key
            self.keyLocation = keyLocation
            self.value = value
        }
    }

    /// The entries, with unique keys.
    public private(set) var entries: [Entry]
    /// The position of each key; nil for mappings small enough for a linear search.
    private var positions: [String: Int]?

    private static let linearSearchLimit = 16

    public init() {
        entries = []
    }

    /// Creates a mapping; of entries with the same key, the last one is kept in the first position.
    public init(_ entries: some Sequence<Entry>) {
        self.init()
        for entry in entries { set(entry) }
    }

    /// The value of a key; setting nil removes the key, a new key gets the location of its value.
    public subscript(key: String) -> YAMLNode? {
        get { position(of: key).map { entries[$0].value } }
        set {
            if let newValue {
                update(key, to: newValue)
            } else {
                removeValue(forKey: key)
            }
        }
    }

    /// The entry of a key.
    public func entry(_ key: String) -> Entry? {
        position(of: key).map { entries[$0] }
    }

    /// The location of a key.
    public func keyLocation(of key: String) -> SourceLocation? {
        entry(key)?.keyLocation
    }

    /// The index of a key's entry.
    public func position(of key: String) -> Int? {
        if let positions { return positions[key] }
        return entries.firstIndex { $0.key == key }
    }

    /// Adds an entry, or replaces the one with its key.
    public mutating func set(_ entry: Entry) {
        if let position = position(of: entry.key) {
            entries[position] = entry
        } else {
            append(entry)
        }
    }

    /// Replaces the value at a position.
    public mutating func setValue(_ value: YAMLNode, at position: Int) {
        entries[position].value = value
    }

    /// Moves the value out of the mapping, so that it can be changed without a copy and put back.
    public mutating func takeValue(at position: Int) -> YAMLNode {
        let location = entries[position].value.location
        var value = YAMLNode(.null, at: location)
        swap(&value, &entries[position].value)
        return value
    }

    @discardableResult
    public mutating func removeValue(forKey key: String) -> YAMLNode? {
        guard let position = position(of: key) else { return nil }
        let entry = entries.remove(at: position)
        index()
        return entry.value
    }

    /// Keeps the entries that satisfy a predicate.
    public mutating func filter(_ isIncluded: (Entry) -> Bool) {
        entries.removeAll { !isIncluded($0) }
        index()
    }

    private mutating func update(_ key: String, to value: YAMLNode) {
        if let position = position(of: key) {
            entries[position].value = value
        } else {
            append(Entry(key: key, keyLocation: value.location, value: value))
        }
    }

    private mutating func append(_ entry: Entry) {
        entries.append(entry)
        if positions != nil {
            positions?[entry.key] = entries.count - 1
        } else if entries.count > Mapping.linearSearchLimit {
            index()
        }
    }

    private mutating func index() {
        positions = nil
        guard entries.count > Mapping.linearSearchLimit else { return }
        var positions: [String: Int] = [:]
        positions.reserveCapacity(entries.count)
        for (position, entry) in entries.enumerated() { positions[entry.key] = position }
        self.positions = positions
    }
}

extension Mapping: RandomAccessCollection {
    public var startIndex: Int { entries.startIndex }
    public var endIndex: Int { entries.endIndex }
    public subscript(position: Int) -> Entry { entries[position] }

    /// The keys, in order.
    public var keys: [String] { entries.map(\.key) }
}

extension Mapping: Equatable {
    /// Compares by value, ignoring locations and the order of keys.
    public static func == (left: Mapping, right: Mapping) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }
}
