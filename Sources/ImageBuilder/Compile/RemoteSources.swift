import Dockerfile
import Linux
import OCI
import SystemPackage

/// Downloads the URLs of ADD into contexts.
struct RemoteSources: Sendable {
    /// Downloaded files in a directory of their own.
    struct Fetched: Sendable {
        var context: BuildContext
        /// Patterns that match exactly the files.
        var paths: [String]
    }

    let fetch: FileDownload
    let session: BuildSession
    let progress: BuildProgress

    /// Downloads `urls`; with a `checksum` there is one URL, and its content must have that digest.
    ///
    /// `firstID` is the number of the first download in progress events.
    func fetched(
        _ urls: [String],
        checksum: Digest?,
        firstID: Int
    ) async throws(BuildError) -> Fetched {
        let directory = try await onThread { () throws(BuildError) in
            try BuildError.during { () throws(SystemCallError) in
                let directory = try session.makeDirectory()
                try FileSystem.makeDirectory(directory.appending("files"))
                return directory
            }
        }
        var paths: [String] = []
        for (index, url) in urls.enumerated() {
            let name = RemoteAddress.fileName(of: url)
            // Each has a directory of its own, since several may have the same name.
            let target = directory.appending("files/\(index)").appending(name)
            try await download(url, to: target, checksum, id: .download(firstID + index))
            let pattern = name.string.map { "*?[\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
            paths.append("\(index)/\(pattern)")
        }
        let context = try await onThread { () throws(BuildError) in
            // The digests are removed with the files.
            let digests = DigestCache(file: directory.appending("digests"), now: .zero)
            return try BuildContext(
                path: directory.appending("files"),
                ignoring: IgnorePatterns(),
                digests: digests
            )
        }
        return Fetched(context: context, paths: paths)
    }

    private func download(
        _ url: String,
        to file: FilePath,
        _ checksum: Digest?,
        id: BuildEvent.StepID
    ) async throws(BuildError) {
        let directory = file.removingLastComponent()
        try BuildError.during(FileSystem.makeDirectories(directory))
        progress(.started(id, name: url))
        let start = ContinuousClock.now
        do {
            let modified = try await fetch(url, file)
            try await onThread { () throws(BuildError) in
                try verify(file, of: url, checksum)
                try BuildError.during(FileSystem.setMode(of: file, to: 0o600))
                try BuildError.during(setTime(of: file, to: modified ?? .zero))
            }
        } catch {
            let known = error as? BuildError ?? BuildError(.fetchFailed(url, reason: "\(error)"))
            progress(.failed(id, reason: known.reason))
            throw known
        }
        progress(.done(id, after: ContinuousClock.now - start))
    }

    private func setTime(of file: FilePath, to time: Duration) throws(SystemCallError) {
        guard let name = file.lastComponent else { return }
        let directory = try Descriptor.open(file.removingLastComponent(), .directory)
        try directory.setTime(ofEntry: name, to: time)
    }

    private func verify(
        _ file: FilePath,
        of url: String,
        _ checksum: Digest?
    ) throws(BuildError) {
        guard let checksum else { return }
        let actual = try BuildError.during(ContentDigest.of(Descriptor.open(file)))
        guard actual == checksum else {
            throw BuildError(.wrongChecksum(url, expected: checksum, actual: actual))
        }
    }
}

/// Functions on the text of an ADD source.
enum RemoteAddress {
    /// Whether `text` is the URL of a repository, which only git can fetch.
    static func isRepository(_ text: String) -> Bool {
        let schemes = ["git@", "git://", "ssh://"]
        if schemes.contains(where: text.hasPrefix) { return true }
        return isFile(text) && text.prefix { $0 != "#" }.hasSuffix(".git")
    }

    /// Whether `text` is an HTTP URL.
    static func isFile(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }

    /// The last component of the URL's path, which BuildKit uses as file name.
    static func fileName(of url: String) -> FilePath.Component {
        let path = url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
            .prefix { !"?#".contains($0) }
        let last = path.split(separator: "/").last.map { decoded(String($0)) }
        guard let last, !last.utf8.contains(0), let name = FilePath.Component(last),
            name.kind == .regular
        else {
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
