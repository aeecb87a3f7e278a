public import ComposeFile
import Dockerfile
import Linux
import SystemPackage

extension WatchRules {
    /// The filter of the build context's ignore file.
    ///
    /// A file with the pattern `*` is not used: it selects what the image needs, not what changes.
    static func ignored(
        by build: BuildDefinition,
        _ readText: (FilePath) throws -> String?
    ) throws -> [PathFilter] {
        guard let context = build.context.map({ FilePath($0) }), context.isAbsolute else {
            return []
        }
        let own = context.pushing(FilePath((build.dockerfile ?? "Dockerfile") + ".dockerignore"))
        for file in [own, context.appending(".dockerignore")] {
            guard let text = try readText(file) else { continue }
            let lines = text.split(whereSeparator: \.isNewline)
            if lines.contains(where: { $0.trimmingPrefix(while: \.isWhitespace) == "*" }) {
                return []
            }
            let patterns = try IgnorePatterns(parsing: text, file: file.string)
            return [PathFilter(patterns, below: context.lexicallyNormalized())]
        }
        return []
    }
}

extension WatchRules {
    /// Reads the rules of `services`, with ignore files from disk.
    public init(_ services: [Service]) throws {
        try self.init(services) { path in
            do throws(SystemCallError) {
                return try FileSystem.readText(path)
            } catch  where error.reason == .noSuchFileOrDirectory {
                return nil
            }
        }
    }
}
