/// A reference to an image: registry, repository, and a tag or digest.
///
/// Normalized as by docker: `debian` is `docker.io/library/debian:latest`. Source:
/// github.com/distribution/reference.
public struct ImageReference: Hashable, Sendable {
    /// The registry's host and port, for example `docker.io` or `localhost:5000`.
    public let domain: String
    /// The repository in the registry, for example `library/debian`.
    public let path: String
    /// Nil only if there is a digest.
    public let tag: String?
    public let digest: Digest?

    /// Parses a reference as written by a user.
    public init(_ text: String) throws(OCIError) {
        var name = text[...]
        digest = try Self.takeDigest(from: &name, of: text)
        let tag = try Self.takeTag(from: &name, of: text)
        self.tag = tag == nil && digest == nil ? "latest" : tag
        (domain, path) = try Self.split(String(name), of: text)
    }

    private init(domain: String, path: String, tag: String?, digest: Digest?) {
        (self.domain, self.path, self.tag, self.digest) = (domain, path, tag, digest)
    }

    /// Registry and repository, for example `docker.io/library/debian`.
    public var name: String { "\(domain)/\(path)" }

    /// The name without docker's default registry and namespace, for example `debian`.
    public var familiarName: String {
        guard domain == Self.defaultDomain else { return name }
        let prefix = "library/"
        let rest = path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        return rest.contains("/") && path.hasPrefix(prefix) ? path : rest
    }

    /// The reference with the familiar name, for example `debian:latest`.
    public var familiar: String { familiarName + suffix }

    /// The same repository with another tag and no digest.
    public func with(tag: String) throws(OCIError) -> ImageReference {
        guard Self.isTag(tag) else { throw OCIError(.reference(rule: Self.tagRule), in: tag) }
        return ImageReference(domain: domain, path: path, tag: tag, digest: nil)
    }

    /// The same repository and tag with `digest`.
    public func with(digest: Digest) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: tag, digest: digest)
    }

    private var suffix: String {
        (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    private static let defaultDomain = "docker.io"
}

extension ImageReference: CustomStringConvertible {
    /// The full name, for example `docker.io/library/debian:latest`.
    public var description: String { name + suffix }
}

extension ImageReference: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension ImageReference {
    private static let tagRule =
        "a tag consists of at most 128 letters, digits, '_', '.' and '-', and does not start with '.' or '-'"

    private static func takeDigest(
        from name: inout Substring,
        of text: String
    ) throws(OCIError) -> Digest? {
        guard let at = name.firstIndex(of: "@") else { return nil }
        let digest = try Digest(String(name[name.index(after: at)...]))
        name = name[..<at]
        return digest
    }

    private static func takeTag(
        from name: inout Substring,
        of text: String
    ) throws(OCIError) -> String? {
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/"),
            !name[colon...].contains("]")
        else { return nil }
        let tag = String(name[name.index(after: colon)...])
        guard isTag(tag) else { throw OCIError(.reference(rule: tagRule), in: text) }
        name = name[..<colon]
        return tag
    }

    private static func split(
        _ name: String,
        of text: String
    ) throws(OCIError) -> (domain: String, path: String) {
        guard !name.isEmpty else { throw OCIError(.reference(rule: "it is empty"), in: text) }
        if name.utf8.count == 64, name.allSatisfy({ $0.isHexDigit && $0.isASCII }) {
            throw OCIError(.reference(rule: "64 hexadecimal digits are an image ID"), in: text)
        }
        var (domain, path) = (defaultDomain, name)
        if let slash = name.firstIndex(of: "/"), isDomainLike(name[..<slash]) {
            domain = String(name[..<slash])
            path = String(name[name.index(after: slash)...])
        }
        if domain == "index.docker.io" { domain = defaultDomain }
        if domain == defaultDomain, !path.contains("/") { path = "library/" + path }
        try check(domain: domain, path: path, of: text)
        return (domain, path)
    }

    /// Docker's rule for distinguishing a host from the first component of a repository.
    private static func isDomainLike(_ part: Substring) -> Bool {
        part.contains(".") || part.contains(":") || part == "localhost"
            || part.contains { $0.isUppercase }
    }

    private static func check(domain: String, path: String, of text: String) throws(OCIError) {
        guard isDomain(domain) else {
            throw OCIError(.reference(rule: "'\(domain)' is not a valid host name"), in: text)
        }
        guard !path.contains(where: \.isUppercase) else {
            throw OCIError(.reference(rule: "a repository name must be lower case"), in: text)
        }
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        guard components.allSatisfy(isPathComponent) else {
            let rule =
                "each component of a repository consists of lower-case letters and digits, "
                + "separated by one '.', one or two '_', or any number of '-'"
            throw OCIError(.reference(rule: rule), in: text)
        }
        guard domain.utf8.count + 1 + path.utf8.count <= 255 else {
            throw OCIError(.reference(rule: "it is longer than 255 characters"), in: text)
        }
    }

    private static func isTag(_ tag: String) -> Bool {
        guard (1...128).contains(tag.utf8.count), let first = tag.first else { return false }
        return first != "." && first != "-"
            && tag.allSatisfy { isAlphanumeric($0) || $0 == "_" || $0 == "." || $0 == "-" }
    }

    private static func isPathComponent(_ part: Substring) -> Bool {
        let runs = part.split(omittingEmptySubsequences: false) { isAlphanumeric($0) }
            .filter { !$0.isEmpty }
        guard let first = part.first, let last = part.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && runs.allSatisfy { run in
                run == "." || run == "_" || run == "__" || run.allSatisfy { $0 == "-" }
            }
    }

    private static func isDomain(_ domain: String) -> Bool {
        var host = domain[...]
        if let colon = domain.lastIndex(of: ":"), !domain[colon...].contains("]") {
            let port = domain[domain.index(after: colon)...]
            guard (1...5).contains(port.count), port.allSatisfy({ $0.isASCII && $0.isNumber })
            else { return false }
            host = domain[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.count > 2
                && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" }
        }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.first != "-" && label.last != "-"
                && label.allSatisfy { isAlphanumeric($0) || $0 == "-" }
        }
    }

    private static func isAlphanumeric(_ character: Character) -> Bool {
        guard let value = character.asciiValue else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(value | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(value)
    }
}
