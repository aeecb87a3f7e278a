public import OCI

/// A release of a distribution whose base image can be made from its own packages.
public struct Distribution: Sendable, Hashable {
    public enum Family: String, Sendable, CaseIterable {
        case debian
        case ubuntu
    }

    public var family: Family
    /// The release's code name, for example `bookworm`.
    public var suite: String
    /// Without documentation, manual pages and translations.
    public var isSlim: Bool

    /// What `reference` asks for; nil when it is no base image that is known here.
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

    /// Every reference that can be bootstrapped, the code names before other names of them.
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
    /// Arguments of mmdebstrap that make `/bin`, `/lib` and `/sbin` links into `/usr`, as the
    /// release's installer does; else a package with all of perl in its wake does it later.
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
