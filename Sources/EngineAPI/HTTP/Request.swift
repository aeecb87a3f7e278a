import NIOCore

/// A request as the operations see it.
struct Request: Sendable {
    /// The most bytes of a JSON body.
    private static let documentLimit = 4_194_304
    /// How long a client may take to send a JSON body.
    private static let documentPatience = Duration.seconds(30)

    let head: RequestHead
    let query: Query
    let body: RequestBody
    let input: ConnectionInput
    /// The API version of the path, or the newest one.
    let version: APIVersion
    /// The parts of the path that the route names, percent-decoded.
    let parameters: [String: String]

    /// A part of the path; the route defines it.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The body as a JSON document; null if it is empty.
    func document() async throws -> JSON {
        let bytes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await body.read(upTo: Self.documentLimit) }
            group.addTask {
                try await Task.sleep(for: Self.documentPatience)
                throw EngineError(408, "the request body is incomplete after 30 seconds")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
        guard bytes.contains(where: { $0 > 0x20 }) else { return .null }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw EngineError.badRequest("\(error)")
        }
    }
}

/// A version of the Engine API, such as 1.51.
struct APIVersion: Sendable, Comparable, CustomStringConvertible {
    var minor: Int

    static let newest = APIVersion(minor: 51)
    static let oldest = APIVersion(minor: 24)

    init(minor: Int) { self.minor = minor }

    /// Parses `1.51`; nil for other text.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "1", let minor = Int(parts[1]), minor >= 0 else {
            return nil
        }
        self.minor = minor
    }

    static func < (left: APIVersion, right: APIVersion) -> Bool { left.minor < right.minor }

    var description: String { "1.\(minor)" }
}
