import Archive
import ImageBuilder
import ImageStore
import Linux
import Orchestrator
import Registry
import SystemPackage

extension Engine {
    /// Unpacks the context of a build, the request's body or the files at an address, into `context`;
    /// returns the text of the Dockerfile.
    func unpackContext(
        of request: Request,
        _ parameters: BuildParameters,
        into context: FilePath
    ) async throws -> String {
        try FileSystem.makeDirectory(context, mode: 0o755)
        if let remote = parameters.query["remote"] {
            return try await unpackContext(at: remote, parameters, into: context)
        }
        try await reading(request.body) { archive in
            try Self.unpack(archive, into: context)
        }
        return try Self.dockerfile(parameters.dockerfile, in: context)
    }

    private static func unpack(_ archive: ByteSource, into context: FilePath) throws {
        let options = ExtractionOptions(
            ownership: .fixed(userID: 0, groupID: 0),
            makesDevices: false
        )
        let (_, plain) = try archive.decompressed()
        let reader = try TarReader(plain.completedAsTar())
        try reader.extract(into: context, options: options)
        // Clients pad the archive, and expect the whole body to be read.
        try archive.drain()
    }

    /// Downloads a Dockerfile alone, or an archive.
    private func unpackContext(
        at address: String,
        _ parameters: BuildParameters,
        into context: FilePath
    ) async throws -> String {
        let isRepository =
            !["http://", "https://"].contains { address.hasPrefix($0) } || address.hasSuffix(".git")
            || address.contains(".git#")
        guard !isRepository else {
            throw EngineError.unsupported(
                "remote",
                "'\(address)' is a repository; clone it and send its directory"
            )
        }
        let file = FilePath("\(context.string).remote")
        do {
            _ = try await Download(environment: environment).fetch(address, to: file)
        } catch {
            throw EngineError.badRequest("failed to download the remote context: \(error)")
        }
        return try await BackgroundThread.run {
            guard try TarReader.canRead(file) else {
                return String(decoding: try FileSystem.read(file), as: UTF8.self)
            }
            try Self.unpack(ByteSource(file: file), into: context)
            return try Self.dockerfile(parameters.dockerfile, in: context)
        }
    }

    /// Reads the Dockerfile without leaving the context, which a hostile link might try.
    private static func dockerfile(
        _ path: String,
        in context: FilePath
    ) throws(EngineError) -> String {
        do {
            let root = ConfinedDirectory(try Descriptor.open(context, [.pathOnly, .directory]))
            return String(decoding: try root.readFile(path), as: UTF8.self)
        } catch {
            throw .badRequest("Cannot locate specified Dockerfile: \(path)")
        }
    }
}

extension ByteSource {
    /// The bytes, filled up to whole blocks and with the end of a tar archive.
    ///
    /// docker's client leaves out both where it adds a Dockerfile from outside of the context.
    fileprivate func completedAsTar() -> ByteSource {
        let block = 512
        var (count, isOver) = (0, false)
        return ByteSource(name: name) { () throws(ArchiveError) in
            guard !isOver else { return [] }
            let piece = try next()
            count += piece.count
            guard piece.isEmpty else { return piece }
            isOver = true
            return [UInt8](repeating: 0, count: (block - count % block) % block + 2 * block)
        }
    }
}
