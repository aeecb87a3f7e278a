/// Keys with their values, in the order in which they were written.
public struct Mapping: Sendable {
    /// One key with its value.
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

    /// The entries; no key occurs twice.
    public private(set) var entries: [Entry]
    /// Where each key stands; kept only when looking through the entries would take long.
    private var positions: [String: Int]?

    private static let longest = 16

    public init() {
        entries = []
    }

    /// The given entries; of those with one key the last counts, at the place of the first.
    public init(_ entries: some Sequence<Entry>) {
        self.init()
        for entry in entries { set(entry) }
    }

    /// The value of a key; setting nil removes the key, a new key stands where its value does.
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

    /// Where a key was written.
    public func keyLocation(of key: String) -> SourceLocation? {
        entry(key)?.keyLocation
    }

    /// Where a key stands among the entries.
    public func position(of key: String) -> Int? {
        if let positions { return positions[key] }
        return entries.firstIndex { $0.key == key }
    }

    /// Adds an entry, or puts its value in the place of the old one.
    public mutating func set(_ entry: Entry) {
        if let position = position(of: entry.key) {
            entries[position] = entry
        } else {
            append(entry)
        }
    }

    /// Replaces the value at a position, the key and its place staying as they are.
    public mutating func setValue(_ value: YAMLNode, at position: Int) {
        entries[position].value = value
    }

    /// Takes the value out of its place, for a change without a copy; put one back.
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

    /// Keeps the entries for which `wanted` is true.
    public mutating func filter(_ wanted: (Entry) -> Bool) {
        entries.removeAll { !wanted($0) }
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
        } else if entries.count > Mapping.longest {
            index()
        }
    }

    private mutating func index() {
        positions = nil
        guard entries.count > Mapping.longest else { return }
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
    /// Equal by value: locations do not count, nor does the order of keys.
    public static func == (left: Mapping, right: Mapping) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }
}
