import OCI

extension Engine {
    /// The parameter `platform`; nil if it is missing.
    static func platform(_ request: Request) throws(EngineError) -> Platform? {
        guard let text = request.query["platform"] else { return nil }
        do {
            guard text.hasPrefix("{") else { return try Platform(text) }
            let document = try JSON(parsing: Array(text.utf8))
            let parts = ["os", "architecture", "variant"].compactMap { document[$0].string }
            return try Platform(parts.filter { !$0.isEmpty }.joined(separator: "/"))
        } catch {
            throw .badRequest("invalid platform '\(text)': \(error)")
        }
    }

    static func reference(_ text: String) throws(EngineError) -> ImageReference {
        do {
            return try ImageReference(text)
        } catch {
            throw .badRequest("invalid reference format: \(error)")
        }
    }
}
