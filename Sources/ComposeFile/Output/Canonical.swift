import Notation

/// Builds the printed form of a mapping key by key, omitting absent values.
///
/// The order of keys is docker compose's, on which `config --hash` depends.
struct Canonical {
    /// One of docker compose's two forms of output.
    enum Form: Sendable {
        /// JSON: without extension fields below the top level, with some sections even if empty.
        case json
        case yaml
    }

    let form: Form
    private(set) var members: [Value.Member] = []

    init(_ form: Form) {
        self.form = form
    }

    var value: Value { .object(members) }

    mutating func set(_ key: String, _ value: Value?) {
        if let value { members.append(Value.Member(key, value)) }
    }

    mutating func text(_ key: String, _ text: String?) {
        set(key, text.map(Value.string))
    }

    mutating func described(_ key: String, _ value: (some CustomStringConvertible)?) {
        set(key, value.map { .string($0.description) })
    }

    mutating func word(_ key: String, _ word: (some RawRepresentable<String>)?) {
        set(key, word.map { .string($0.rawValue) })
    }

    mutating func flag(_ key: String, _ flag: Bool) {
        if flag { set(key, .boolean(true)) }
    }

    mutating func boolean(_ key: String, _ value: Bool?) {
        set(key, value.map(Value.boolean))
    }

    mutating func number(_ key: String, _ number: (some BinaryInteger)?) {
        set(key, number.map { .integer(Int64($0)) })
    }

    mutating func float(_ key: String, _ number: Float?) {
        set(key, number.map(Value.single))
    }

    mutating func bytes(_ key: String, _ count: ByteCount?) {
        set(key, count.map { .string(String($0.bytes)) })
    }

    mutating func duration(_ key: String, _ duration: Duration?) {
        set(key, duration.map { .string(GoDuration.text(of: $0)) })
    }

    mutating func strings(_ key: String, _ strings: [String]) {
        if !strings.isEmpty { set(key, .list(strings.map(Value.string))) }
    }

    mutating func list<Element>(_ key: String, _ elements: [Element], _ make: (Element) -> Value) {
        if !elements.isEmpty { set(key, .list(elements.map(make))) }
    }

    mutating func map<Element>(
        _ key: String,
        _ elements: [String: Element],
        _ make: (Element) -> Value
    ) {
        guard !elements.isEmpty else { return }
        let members =
            elements
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { Value.Member($0.key, make($0.value)) }
        set(key, .object(members))
    }

    mutating func labels(_ key: String, _ labels: [String: String]) {
        map(key, labels, Value.string)
    }

    mutating func variables(_ key: String, _ variables: [String: String?]) {
        map(key, variables) { $0.map(Value.string) ?? .null }
    }

    mutating func hosts(_ key: String, _ hosts: [String: [String]]) {
        let lines = hosts.flatMap { name, addresses in addresses.map { "\(name)=\($0)" } }
        strings(key, lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    /// Adds a command; JSON shows an absent one as null.
    mutating func command(_ key: String, _ command: [String]?) {
        if let command {
            set(key, .list(command.map(Value.string)))
        } else if form == .json {
            set(key, .null)
        }
    }

    /// Adds a section; JSON shows even an empty one.
    mutating func section(_ key: String, _ section: Canonical) {
        if form == .json || !section.members.isEmpty { set(key, section.value) }
    }

    /// Adds the `x-` extension fields, which JSON omits.
    mutating func extensions(_ extensions: Extensions) {
        guard form == .yaml, !extensions.isEmpty else { return }
        for (key, value) in extensions.sorted(by: { $0.key < $1.key }) { set(key, value) }
    }
}

/// A part of the model with a printed form.
protocol CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value
}

extension Canonical {
    mutating func object(_ key: String, _ object: (some CanonicallyPrinted)?) {
        set(key, object?.canonical(form))
    }

    mutating func objects(_ key: String, _ objects: [some CanonicallyPrinted]) {
        let form = form
        list(key, objects) { $0.canonical(form) }
    }

    mutating func objects(_ key: String, _ objects: [String: some CanonicallyPrinted]) {
        let form = form
        map(key, objects) { $0.canonical(form) }
    }
}
