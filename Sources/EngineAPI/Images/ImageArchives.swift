import Archive
import ImageStore
import Linux
import NIOCore
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    /// `POST /images/load`.
    func loadImages(_ request: Request, _ response: Response) async throws {
        let platform = try request.query["platform"].map { try Self.platform($0) } ?? .host
        let pipe = try Pipe()
        let sink = try pipe.writeEnd.duplicate().release()
        let source = pipe.takeReadEnd().release()
        let store = host.images
        async let images = BackgroundThread.run {
            try store.load(
                ByteSource(owning: Descriptor(owning: source), name: "archive"),
                platform: platform
            )
        }
        await Self.feed(request.body, to: sink)
        let loaded = try await images
        let body = try await response.stream()
        for tagged in loaded {
            let name = tagged.reference?.familiar
            let text =
                name.map { "Loaded image: \($0)\n" } ?? "Loaded image ID: \(tagged.image.id)\n"
            host.journal.append(
                HostEvent(
                    .image,
                    "load",
                    id: "\(tagged.image.id)",
                    attributes: ["name": name ?? ""]
                )
            )
            try await body.write(["stream": .string(text)])
        }
        try await body.end()
    }

    private static func platform(_ text: String) throws -> Platform {
        guard text.hasPrefix("{") else { return try Platform(text) }
        let document = try JSON(parsing: Array(text.utf8))
        let parts = ["os", "architecture", "variant"].compactMap { document[$0].string }
        return try Platform(parts.filter { !$0.isEmpty }.joined(separator: "/"))
    }

    /// Passes a request's body to a pipe, which is closed at its end; the reader reports what is
    /// wrong with an incomplete body.
    private static func feed(_ body: RequestBody, to sink: Int32) async {
        let owner = Shared(Descriptor(owning: sink))
        do {
            while let bytes = try await body.next() {
                let piece = Array(bytes.readableBytesView)
                try await BackgroundThread.run { try owner.value.write(piece) }
            }
        } catch {
            // The reader has found an error before the end, or finds the archive incomplete.
        }
    }

    /// `GET /images/{name}/get` and `GET /images/get`.
    func saveImages(_ request: Request, _ response: Response) async throws {
        let names = request.parameters["name"].map { [$0] } ?? request.query.all("names")
        guard !names.isEmpty else { throw EngineError.badRequest("no image is named") }
        let chosen = try names.map { name in
            let named = try image(name)
            // An image that is named by its id is saved without a name.
            let reference = (try? ImageReference(name)).flatMap {
                named.references.contains($0) ? $0 : nil
            }
            return TaggedImage(reference: reference, image: named.image)
        }
        let body = try await response.stream("application/x-tar")
        let store = host.images
        try await BackgroundThread.run {
            try store.save(chosen) { (bytes) throws(ArchiveError) in
                guard body.writeBlocking(bytes) else {
                    let fault = SystemCallError(
                        call: "write",
                        subject: "client",
                        reason: .brokenPipe
                    )
                    throw ArchiveError(.system(fault), in: "archive")
                }
            }
        }
        try await body.end()
    }
}
