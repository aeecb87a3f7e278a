/// The JSON lines that report the progress of a long operation.
///
/// The response begins with the first line, so an error before that has a status of its own; a later
/// one becomes the last line, as clients expect it.
final class ProgressLines: Sendable {
    private let lines: AsyncStream<JSON>
    private let arrival: AsyncStream<JSON>.Continuation

    private init() { (lines, arrival) = AsyncStream.makeStream() }

    /// Adds a line; callable from any thread.
    func send(_ line: JSON) { arrival.yield(line) }

    /// Adds a line of text, which is sent with its newline.
    func send(text: String) { send(["stream": .string(text + "\n")]) }

    /// Runs `work` and sends its lines; cancels it when the client ends the connection.
    ///
    /// The body of the request has been read before.
    static func respond(
        to request: Request,
        with response: Response,
        _ work: @escaping @Sendable (ProgressLines) async throws -> Void
    ) async throws {
        let progress = ProgressLines()
        async let writing = progress.write(to: response)
        let failure = await progress.run(work, until: request.input)
        progress.arrival.finish()
        let begun = await writing
        if let failure {
            guard let begun else { throw failure }
            let message = JSON.string(EngineError(failure).message)
            try await begun.write(["errorDetail": ["message": message], "error": message])
            return try await begun.end()
        }
        if let begun { return try await begun.end() }
        try await response.stream().end()
    }

    private func run(
        _ work: @escaping @Sendable (ProgressLines) async throws -> Void,
        until input: ConnectionInput
    ) async -> (any Error)? {
        await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    try await work(self)
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask {
                await input.end()
                return CancellationError()
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Returns the body, which begins with the first line; nil if there was none.
    private func write(to response: Response) async -> ResponseStream? {
        var body: ResponseStream?
        for await line in lines {
            do {
                if body == nil { body = try await response.stream() }
                try await body?.write(line)
            } catch {
                // The client is gone, which ends the work; its other lines have no reader.
            }
        }
        return body
    }
}
