import ArgumentParser
import Linux
import SystemPackage
import Testing

@testable import swiftcompose

/// No option of the command line is parsed and then forgotten.
struct OptionUseTests {
    private static let directory = FilePath(#filePath)
        .removingLastComponent().removingLastComponent().removingLastComponent()
        .appending("Sources").appending("swiftcompose")

    /// Options that ask for what happens anyway.
    private static let defaults: Set<String> = [
        "Exec.interactive", "Exec.tty", "ImagePrune.force", "ImageBuilderPrune.force",
    ]

    /// The source of a type that declares options, with its extensions in other files.
    private struct Source {
        var name: String
        var text: String
        var options: [String]
    }

    @Test func `the value of every option and argument is used`() throws {
        var count = 0
        for source in try Self.sources() {
            let words = Self.words(of: source.text)
            for option in source.options {
                count += 1
                let isUsed =
                    words[option, default: 0] > 1
                    || Self.defaults.contains("\(source.name).\(option)")
                #expect(isUsed, "\(source.name).\(option) has no effect and is not reported")
            }
        }
        #expect(count > 200)
    }

    @Test func `options without an effect are reported`() throws {
        let ignored = try IgnoredBuildOptions.parse(
            [
                "--builder", "x", "--memory", "1g", "--compress", "--force-rm", "--no-rm",
                "--parallel",
            ]
        )
        #expect(ignored.given.count == 6)
        let unreported = ignored.given.filter { !$0.isSet }
        #expect(unreported.isEmpty)
        let absent = try IgnoredBuildOptions.parse(["--builder", "default"]).given
        #expect(absent.allSatisfy { !$0.isSet })
    }

    private static func sources() throws -> [Source] {
        let files = try swiftFiles(below: directory)
        return try files.compactMap { file in
            guard let name = file.stem, !name.contains("+") else { return nil }
            let related = files.filter { $0 == file || $0.stem?.hasPrefix(name + "+") == true }
            let texts = try related.map { try FileSystem.readText($0) }
            let options = texts.flatMap(declaredOptions)
            guard !options.isEmpty else { return nil }
            return Source(name: name, text: texts.joined(separator: "\n"), options: options)
        }
    }

    /// The properties that follow `@Flag`, `@Option` and `@Argument`.
    private static func declaredOptions(in text: String) -> [String] {
        let attributes = ["@Flag", "@Option", "@Argument"].map { Array($0.utf8) }
        var (names, isAttribute): ([String], Bool) = ([], false)
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let code = line.drop { $0 == UInt8(ascii: " ") }
            if attributes.contains(where: { code.starts(with: $0) }), !isGroup(code) {
                isAttribute = true
            }
            guard isAttribute, code.starts(with: "var ".utf8) else { continue }
            names += identifiers(in: code.dropFirst(4)).prefix(1)
            isAttribute = false
        }
        return names
    }

    private static func isGroup(_ code: Substring.UTF8View) -> Bool {
        code.starts(with: "@OptionGroup".utf8)
    }

    /// The number of times each identifier occurs.
    private static func words(of text: String) -> [String: Int] {
        identifiers(in: text.utf8[...]).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private static func identifiers(in code: Substring.UTF8View) -> [String] {
        let separators = Set(" \n.,:;()[]{}<>?!=+-*/&|@#\\\"'$^~%`".utf8)
        return code.split { separators.contains($0) }.compactMap { String($0) }
    }

    private static func swiftFiles(below directory: FilePath) throws -> [FilePath] {
        try FileSystem.entries(of: directory).flatMap { name -> [FilePath] in
            let path = directory.appending(name)
            if name.hasSuffix(".swift") { return [path] }
            let isDirectory = try FileSystem.status(of: path).kind == .directory
            return isDirectory ? try swiftFiles(below: path) : []
        }
    }
}
