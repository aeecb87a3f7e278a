import FoundationEssentials
import Linux
import NIOCore
import NIOHTTP1
import Orchestrator
import SystemPackage

extension Engine {
    private static let archiveType = "application/x-tar"

    private func files(of container: ExistingContainer) -> FileTasks {
        FileTasks(container, host.paths, executable: executable)
    }

    /// The path of an archive's request.
    private static func path(_ request: Request) throws(EngineError) -> String {
        guard let path = request.query["path"] else {
            throw .badRequest("bad parameter: path cannot be empty")
        }
        return path
    }

    /// `HEAD /containers/{id}/archive`.
    func archiveStatus(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let status = try await files(of: container).status(of: Self.path(request))
        try await response.send(status: 200, headers: status.headers)
    }

    /// `GET /containers/{id}/archive`.
    func readArchive(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let (status, archive) = try await files(of: container).archive(of: Self.path(request))
        let body = try await response.stream(Self.archiveType, headers: status.headers)
        try await archive.copy(to: body.writeBlocking)
        try await body.end()
    }

    /// `PUT /containers/{id}/archive`.
    func writeArchive(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let rules = ArchiveRules(
            keepsKinds: request.query.flag("noOverwriteDirNonDir"),
            usesContainersOwner: request.query.flag("copyUIDGID")
        )
        try await files(of: container).extract(to: Self.path(request), rules) { sink in
            await request.body.feed(sink)
        }
        try await response.send(status: 200)
    }

    /// `GET /containers/{id}/export`.
    func exportContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let archive = try await files(of: container).export()
        let body = try await response.stream("application/octet-stream")
        host.journal.append(HostEvent("export", of: container.record))
        try await archive.copy(to: body.writeBlocking)
        try await body.end()
    }

    /// `GET /containers/{id}/changes`.
    func containerChanges(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let host = host
        let changes = try await BackgroundThread.run { try host.changes(of: container) }
        try await response.send(
            changes.isEmpty
                ? nil
                : .array(
                    changes.map {
                        ["Path": .string($0.path.string), "Kind": JSON($0.kind.rawValue)]
                    }
                )
        )
    }

    /// `POST /commit`.
    func commitContainer(_ request: Request, _ response: Response) async throws {
        let query = request.query
        let container = try container(query["container"] ?? "")
        let settings = try await request.document()
        var order = CommitOrder()
        order.reference = query["repo"].map { name in
            query["tag"].map { "\(name):\($0)" } ?? name
        }
        order.author = query["author"]
        order.comment = query["comment"]
        order.pauses = query.flag("pause", default: true)
        order.changes = query.all("changes").flatMap { $0.split(separator: "\n").map(String.init) }
        do {
            order.settings = try JSONDecoder()
                .decode(
                    type(of: order.settings),
                    from: Data(settings.isNull ? Array("{}".utf8) : settings.bytes)
                )
        } catch {
            throw EngineError.badRequest("invalid configuration: \(error)")
        }
        let id = try await files(of: container).commit(order)
        var attributes = ["imageID": id]
        if let reference = order.reference { attributes["imageRef"] = reference }
        host.journal.append(HostEvent("commit", of: container.record, attributes))
        try await response.send(["Id": .string(id)], status: 201)
    }
}

extension PathStatus {
    /// The status in the form of a header.
    fileprivate var headers: HTTPHeaders {
        let document: JSON = [
            "name": .string(name), "size": .integer(size), "mode": JSON(mode),
            "mtime": .string(modified.nineDigits), "linkTarget": .string(linkTarget),
        ]
        let text = Data(document.bytes).base64EncodedString()
        return ["X-Docker-Container-Path-Stat": text]
    }
}
