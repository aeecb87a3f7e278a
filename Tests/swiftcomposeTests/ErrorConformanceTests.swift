import Linux
import SystemPackage
import Testing

/// No error can reach a user as Swift's debug description.
struct ErrorConformanceTests {
    private static let sources = FilePath(#filePath)
        .removingLastComponent().removingLastComponent().removingLastComponent()
        .appending("Sources")

    /// Errors that end a task or a command and are never printed.
    private static let silent: Set<String> = ["ExitStatusError", "Stop"]

    @Test func `every error type describes itself`() throws {
        let declaration = /(?:enum|struct|class) (\w+)(?:<[^>]*>)?: ([^{]*\bError\b[^{]*)\{/
        let conformance = /extension ([\w.]+): [^{]*CustomStringConvertible/
        var errors: [String: String] = [:]
        var described = Self.silent
        for file in try swiftFiles(below: Self.sources) {
            let text = try FileSystem.readText(file)
            for match in text.matches(of: declaration) {
                let name = String(match.output.1)
                errors[name] = file.string
                if match.output.2.contains("CustomStringConvertible") { described.insert(name) }
            }
            for match in text.matches(of: conformance) {
                described.insert(String(match.output.1.split(separator: ".").last ?? ""))
            }
        }
        #expect(errors.count > 25)
        for (name, file) in errors.sorted(by: { $0.key < $1.key }) {
            #expect(described.contains(name), "\(file): \(name) has no description")
        }
    }

    private func swiftFiles(below directory: FilePath) throws -> [FilePath] {
        try FileSystem.entries(of: directory).flatMap { name -> [FilePath] in
            let path = directory.appending(name)
            if name.hasSuffix(".swift") { return [path] }
            let isDirectory = try FileSystem.status(of: path).kind == .directory
            return isDirectory ? try swiftFiles(below: path) : []
        }
    }
}
