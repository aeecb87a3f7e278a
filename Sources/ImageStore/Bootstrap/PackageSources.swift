/// The package sources of a distribution, as lines of sources.list(5).
struct PackageSources: Equatable {
    var lines: [String]

    /// The host's mirrors if the host has the same distribution, otherwise the official ones.
    ///
    /// `indexTargets` is the output of `apt-get indextargets` in the format `$(REPO_URI)
    /// $(RELEASE)`; `osRelease` is the host's os-release(5).
    init(for distribution: Distribution, indexTargets: String, osRelease: [String: String]) {
        let codename = osRelease["VERSION_CODENAME"] ?? ""
        var lines: [String] = []
        if osRelease["ID"] == distribution.family.rawValue, !codename.isEmpty {
            for line in indexTargets.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count >= 2,
                    let pocket = Self.pocket(of: words[1], release: codename)
                else { continue }
                let source = Self.line(
                    mirror: String(words[0]),
                    distribution,
                    pocket: pocket
                )
                if !lines.contains(source) { lines.append(source) }
            }
        }
        self.lines = lines.isEmpty ? Self.official(for: distribution) : lines
    }

    /// The suffix of the code name: empty, `-updates` or `-security`; nil for other releases.
    private static func pocket(of suite: Substring, release: String) -> String? {
        guard suite.hasPrefix(release) else { return nil }
        let pocket = String(suite.dropFirst(release.count))
        return ["", "-updates", "-security"].contains(pocket) ? pocket : nil
    }

    private static func official(for distribution: Distribution) -> [String] {
        switch distribution.family {
        case .debian:
            let mirror = "http://deb.debian.org/debian"
            return [
                line(mirror: mirror, distribution, pocket: ""),
                line(mirror: mirror, distribution, pocket: "-updates"),
                line(mirror: mirror + "-security", distribution, pocket: "-security"),
            ]
        case .ubuntu:
            let mirror = "http://archive.ubuntu.com/ubuntu"
            return ["", "-updates", "-security"].map {
                line(mirror: mirror, distribution, pocket: $0)
            }
        }
    }

    private static func line(
        mirror: String,
        _ distribution: Distribution,
        pocket: String
    ) -> String {
        let components = distribution.family == .debian ? "main" : "main universe"
        var mirror = mirror
        while mirror.hasSuffix("/") { mirror.removeLast() }
        return "deb \(mirror) \(distribution.suite)\(pocket) \(components)"
    }
}

/// The apt options for reaching the host's mirror, as `Name "value";`.
struct PackageOptions: Equatable {
    /// Options that also apply in containers of the image.
    var lasting: [String] = []
    /// Options for this machine only: a proxy on its loopback interface is unreachable from
    /// containers.
    var temporary: [String] = []

    private static let names: Set<String> = [
        "acquire::check-valid-until", "acquire::check-date", "acquire::retries",
        "acquire::http::proxy", "acquire::https::proxy",
    ]

    /// Selects options from the output of `apt-config dump`.
    init(configuration: String) {
        for line in configuration.split(separator: "\n").map(String.init) {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[1] != "\"\";",
                Self.names.contains(words[0].lowercased())
            else { continue }
            let isLocal = ["//localhost", "//127.", "//[::1]"].contains { line.contains($0) }
            if isLocal { temporary.append(line) } else { lasting.append(line) }
        }
    }
}
