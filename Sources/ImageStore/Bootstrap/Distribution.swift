public import OCI

/// A release of a distribution whose base image can be created from its packages.
public struct Distribution: Sendable, Hashable {
    public enum Family: String, Sendable, CaseIterable {
        case debian
        case ubuntu
    }

    public var family: Family
    /// The release's code name, for example `bookworm`.
    public var suite: String
    /// Whether documentation, manual pages and translations are omitted.
    public var isSlim: Bool

    /// The release that `reference` stands for; nil for other images.
    public init?(_ reference: ImageReference) {
        guard reference.domain == "docker.io", reference.digest == nil, let tag = reference.tag,
            let family = Family.allCases.first(where: { reference.path == "library/\($0.rawValue)" }
            )
        else { return nil }
        let isSlim = family == .debian && tag.hasSuffix("-slim")
        let release = isSlim ? String(tag.dropLast("-slim".count)) : tag
        guard let suite = family.suite(of: release) else { return nil }
        self.family = family
        self.suite = suite
        self.isSlim = isSlim
    }

    /// All references that can be bootstrapped, code names before aliases.
    public static var references: [String] {
        Family.allCases.flatMap { family in
            family.releases.flatMap { release in
                release.flatMap { name in
                    let reference = "\(family.rawValue):\(name)"
                    return family == .debian ? [reference, "\(reference)-slim"] : [reference]
                }
            }
        }
    }
}

extension Distribution {
    /// Arguments of mmdebstrap that make `/bin`, `/lib` and `/sbin` links to `/usr`, as the
    /// release's installer does; otherwise a package that depends on perl does it later.
    var mergedDirectories: [String] {
        if suite == "bullseye" { return [] }
        let hook = ["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr"]
        return suite == "bookworm" ? hook + ["--include=usr-is-merged"] : hook
    }
}

extension Distribution.Family {
    /// The names of each release, its code name first.
    fileprivate var releases: [[String]] {
        switch self {
        case .debian:
            [
                ["trixie", "13", "stable", "latest"], ["bookworm", "12", "oldstable"],
                ["bullseye", "11"],
            ]
        case .ubuntu:
            [["noble", "24.04", "latest"], ["jammy", "22.04"], ["focal", "20.04"]]
        }
    }

    fileprivate func suite(of name: String) -> String? {
        releases.first { $0.contains(name) }?.first
    }
}
