/// A request that is refused, with the status and the message that the client receives.
///
/// Messages keep dockerd's wording where clients are known to match on it.
struct EngineError: Error, Equatable {
    var status: Int
    var message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }
}

extension EngineError: CustomStringConvertible {
    var description: String { message }
}

extension EngineError {
    static func badRequest(_ message: String) -> EngineError { EngineError(400, message) }
    static func notFound(_ message: String) -> EngineError { EngineError(404, message) }
    static func conflict(_ message: String) -> EngineError { EngineError(409, message) }

    /// The object is in the requested state already; the response has no body.
    static let notModified = EngineError(304, "")

    /// A field of a request that asks for something this engine does not provide.
    static func unsupported(_ field: String, _ reason: String) -> EngineError {
        .badRequest("\(field): \(reason)")
    }
}
