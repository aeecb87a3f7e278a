import Dockerfile
import Linux
import OCI
import SystemPackage

/// Fetches what ADD names by URL, so that it can be copied like files of a context.
struct RemoteSources: Sendable {
    /// Files that were fetched, in a directory of their own.
    struct Fetched: Sendable {
        var context: BuildContext
        /// Patterns that match the files and nothing else.
        var paths: [String]
    }

    let fetch: ImageBuilder.Fetch
    let session: BuildSession
    let progress: ImageBuilder.Progress

    /// Fetches `urls`; the only one must have the digest `checksum` where one is given.
    func fetched(_ urls: [String], checksum: Digest?) async throws(BuildError) -> Fetched {
        let directory = try await onThread { () throws(BuildError) in
            try wrapping { () throws(SystemCallError) in
                let directory = try session.makeDirectory()
                try FileSystem.makeDirectory(directory.appending("files"))
                return directory
            }
        }
        var paths: [String] = []
        for (index, url) in urls.enumerated() {
            let name = RemoteAddress.fileName(of: url)
            // Each in its own, since several may have one name.
            try await fetch(url, as: name, in: directory.appending("files/\(index)"), checksum)
            let pattern = name.string.map { "*?[\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
            paths.append("\(index)/\(pattern)")
        }
        let context = try await onThread { () throws(BuildError) in
            // What is learned of the files goes with them.
            let digests = DigestCache(file: directory.appending("digests"), now: .zero)
            return try BuildContext(
                path: directory.appending("files"),
                ignoring: IgnorePatterns(),
                digests: digests
            )
        }
        return Fetched(context: context, paths: paths)
    }

    private func fetch(
        _ url: String,
        as name: FilePath.Component,
        in directory: FilePath,
        _ checksum: Digest?
    ) async throws(BuildError) {
        let file = directory.appending(name)
        try wrapping { () throws(SystemCallError) in try FileSystem.makeDirectories(directory) }
        let step = -100_000 - Int.random(in: 0..<100_000)
        progress(.started(step, name: url))
        let start = ContinuousClock.now
        do {
            let modified = try await fetch(url, file)
            try await onThread { () throws(BuildError) in
                try verify(file, of: url, checksum)
                try wrapping { () throws(SystemCallError) in
                    let folder = try Descriptor.open(directory, .directory)
                    try FileSystem.setMode(of: file, to: 0o600)
                    try folder.setTime(ofEntry: name, to: modified ?? .zero)
                }
            }
        } catch {
            let known = error as? BuildError ?? BuildError(.fetchFailed(url, reason: "\(error)"))
            progress(.failed(step, reason: known.reason))
            throw known
        }
        progress(.done(step, after: ContinuousClock.now - start))
    }

    private func verify(
        _ file: FilePath,
        of url: String,
        _ checksum: Digest?
    ) throws(BuildError) {
        guard let checksum else { return }
        let actual = try wrapping { () throws(SystemCallError) in
            try ContentDigest.of(try Descriptor.open(file))
        }
        guard actual == checksum else {
            throw BuildError(.wrongChecksum(url, expected: checksum, actual: actual))
        }
    }
}

/// What the text of an ADD source says.
enum RemoteAddress {
    /// Whether it names a repository, which only git can fetch.
    static func isRepository(_ text: String) -> Bool {
        let schemes = ["git@", "git://", "ssh://"]
        if schemes.contains(where: text.hasPrefix) { return true }
        return isFile(text) && text.prefix { $0 != "#" }.hasSuffix(".git")
    }

    /// Whether it is a URL that is fetched as it is, or would be if it were no repository.
    static func isFile(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }

    /// The last part of the URL's path, as BuildKit names the file.
    static func fileName(of url: String) -> FilePath.Component {
        let path = url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
            .prefix { !"?#".contains($0) }
        let last = path.split(separator: "/").last.map { decoded(String($0)) }
        guard let last, let name = FilePath.Component(last), name.kind == .regular else {
            return "__unnamed__"
        }
        return name
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2,
                let value = UInt8(digits, radix: 16)
            {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
