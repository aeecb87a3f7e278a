import Notation

/// The options of `RUN --mount=…`.
public struct MountOptions: Sendable, Hashable {
    /// The kinds of mounts.
    public enum Kind: String, Sendable, CaseIterable {
        case bind
        case cache
        case tmpfs
        case secret
        case ssh
    }

    /// The rule for concurrent use of a cache.
    public enum Sharing: String, Sendable, CaseIterable {
        case shared
        case `private`
        case locked
    }

    public var kind = Kind.bind
    /// A stage, an image or a named context; nil for the build context.
    public var from: String?
    /// A path in `from`.
    public var source: String?
    /// The mount point in the step; nil for a secret that is only in the environment.
    public var target: String?
    /// Nil for the default of the kind.
    public var isReadOnly: Bool?
    /// The name of a cache, secret or agent.
    public var id: String?
    public var sharing = Sharing.shared
    /// Whether a missing secret or agent is an error.
    public var isRequired = false
    public var mode: UInt16?
    public var uid: UInt32?
    public var gid: UInt32?
    /// The size of a tmpfs in bytes; nil for the kernel's default.
    public var size: UInt64?
    /// The variable that holds a secret.
    public var environment: String?
}

extension MountOptions {
    /// Parses `type=cache,target=/x`; a value for which `expand` returns nil is skipped.
    public init(
        parsing text: String,
        at position: SourcePosition,
        expand: (String) throws(DockerfileError) -> String?
    ) throws(DockerfileError) {
        var isWhole = true
        for field in Self.fields(text) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts[0].scalarsTrimmed.lowercased()
            guard let spelling = Self.keys[key] else {
                let near = Spelling.nearest(to: key, among: Self.keys.keys.sorted())
                throw DockerfileError(.unknownMountKey(key, suggestion: near), at: position)
            }
            if spelling == "from", parts.count == 2, parts[1].contains("$") {
                throw DockerfileError(
                    .badMount("'from' cannot contain a variable; name the stage"),
                    at: position
                )
            }
            let value = parts.count == 2 ? String(parts[1]) : nil
            guard let value else {
                try set(spelling, to: nil, at: position)
                continue
            }
            if let expanded = try expand(value) {
                try set(spelling, to: expanded, at: position)
            } else {
                isWhole = false
            }
        }
        if isWhole { try check(at: position) }
    }

    private static let keys = [
        "type": "type", "from": "from", "source": "source", "src": "source",
        "target": "target", "dst": "target", "destination": "target", "readonly": "readonly",
        "ro": "readonly", "readwrite": "readwrite", "rw": "readwrite", "id": "id",
        "sharing": "sharing", "required": "required", "mode": "mode", "uid": "uid", "gid": "gid",
        "size": "size", "env": "env",
    ]

    private mutating func set(
        _ key: String,
        to value: String?,
        at position: SourcePosition
    ) throws(DockerfileError) {
        let problem: (String) -> DockerfileError = { needed in
            DockerfileError(
                .badFlagValue(flag: "mount \(key)", value: value ?? "", needed: needed),
                at: position
            )
        }
        switch key {
        case "readonly", "readwrite", "required":
            guard let isOn = Self.boolean(value) else { throw problem("true or false") }
            if key == "required" {
                isRequired = isOn
            } else {
                isReadOnly = isOn == (key == "readonly")
            }
            return
        default: break
        }
        guard let value else { throw problem("\(key)=VALUE") }
        switch key {
        case "type":
            guard let kind = Kind(rawValue: value.lowercased()) else {
                throw problem("bind, cache, tmpfs, secret or ssh")
            }
            self.kind = kind
        case "from": from = value.isEmpty ? nil : value
        case "source": source = value
        case "target": target = value
        case "id": id = value
        case "env": environment = value
        case "sharing":
            guard let sharing = Sharing(rawValue: value.lowercased()) else {
                throw problem("shared, private or locked")
            }
            self.sharing = sharing
        case "mode":
            guard let mode = UInt16(value, radix: 8), mode <= 0o7777 else {
                throw problem("an octal mode")
            }
            self.mode = mode
        case "size":
            guard let count = ByteCount(parsing: value) else { throw problem("bytes, or 64m, 1g") }
            size = UInt64(clamping: count.bytes)
        default:
            guard let number = UInt32(value) else { throw problem("a number") }
            if key == "uid" { uid = number } else { gid = number }
        }
    }

    private func check(at position: SourcePosition) throws(DockerfileError) {
        let invalid: (String) -> DockerfileError = { DockerfileError(.badMount($0), at: position) }
        if kind == .bind || kind == .cache || kind == .tmpfs {
            guard let target, !target.isEmpty else {
                throw invalid("\(kind.rawValue) requires target=PATH")
            }
            if target == "/" || target == "." { throw invalid("the target cannot be /") }
        }
        if kind != .cache, kind != .bind, from != nil {
            throw invalid("'from' is not allowed for \(kind.rawValue)")
        }
        if kind == .secret, id == nil, source == nil, target == nil {
            throw invalid("secret requires id=NAME")
        }
        if kind == .tmpfs, source != nil { throw invalid("'source' is not allowed for tmpfs") }
        if environment != nil, kind != .secret { throw invalid("'env' is only allowed for secret") }
        if size != nil, kind != .tmpfs { throw invalid("'size' is only allowed for tmpfs") }
    }

    private static func boolean(_ value: String?) -> Bool? {
        switch value?.lowercased() {
        case nil, "true", "1", "": true
        case "false", "0": false
        default: nil
        }
    }

    /// Splits at commas outside double quotes, which are removed. Source: RFC 4180.
    static func fields(_ text: String) -> [String] {
        var fields: [String] = [""]
        var isQuoted = false
        for scalar in text.unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
            } else if scalar == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].unicodeScalars.append(scalar)
            }
        }
        return fields
    }
}
