import ArgumentParser
import Notation
import OCI
import Orchestrator

/// The conditions of `--filter` on networks, volumes or containers.
///
/// As with docker, one of several values of the same key must hold, but all of those of `label`.
struct ResourceFilter: Sendable {
    enum Key: String, Sendable {
        case container
        case dangling
        case driver
        case event
        case id
        case image
        case label
        case withoutLabel = "label!"
        case name
        case scope
        case type
        case until
    }

    private var values: [Key: [String]] = [:]
    /// The latest time of creation; nil if any will do.
    private let until: Timestamp?

    /// Throws for a condition that is not `KEY=VALUE` with one of the keys.
    init(_ conditions: [String], accepting known: [Key], now: Timestamp = .now) throws {
        for condition in conditions {
            let (name, value) = condition.nameAndValue
            let names = known.map(\.rawValue).joined(separator: ", ")
            guard let key = Key(rawValue: name), known.contains(key) else {
                throw ValidationError("--filter: unknown filter '\(name)'; use one of \(names)")
            }
            guard let value else {
                throw ValidationError("--filter: '\(name)' has no value; use \(name)=VALUE")
            }
            values[key, default: []].append(value)
        }
        until = try values[.until]?.map {
            try TimeArgument.required($0, "--filter until", now: now)
        }.min { ($0.seconds, $0.nanoseconds) < ($1.seconds, $1.nanoseconds) }
    }

    /// Whether one of the values of `key` fulfils `test`; true if there is none.
    func accepts(_ key: Key, _ test: (String) -> Bool) -> Bool {
        values[key].map { $0.contains(where: test) } ?? true
    }

    /// Whether every label asked for is among `labels`, and none that is excluded.
    func accepts(labels: [String: String]) -> Bool {
        let fulfils = { (condition: String) -> Bool in
            let (name, value) = condition.nameAndValue
            return labels[name].map { value == nil || $0 == value } ?? false
        }
        return (values[.label] ?? []).allSatisfy(fulfils)
            && !(values[.withoutLabel] ?? []).contains(where: fulfils)
    }

    /// Whether something was created before the time of `until`.
    func accepts(created: Timestamp) -> Bool {
        until.map { created - $0 < .zero } ?? true
    }

    /// The value of a condition that is true or false; nil without one.
    func truth(of key: Key) throws -> Bool? {
        guard let text = values[key]?.last else { return nil }
        switch text.lowercased() {
        case "1", "true": return true
        case "0", "false": return false
        default:
            throw ValidationError("--filter: \(key.rawValue)=\(text) is neither true nor false")
        }
    }
}

extension [String] {
    /// The texts `NAME=VALUE` as a dictionary; the value of a name alone is empty.
    var namedValues: [String: String] {
        reduce(into: [:]) { values, text in
            let (name, value) = text.nameAndValue
            values[name] = value ?? ""
        }
    }
}
