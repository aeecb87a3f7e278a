import Testing
import YAML

@testable import ComposeFile

/// A case of `Tests/Conformance/config`: files, a command, and docker compose's output.
struct RecordedCase: Sendable, CustomTestStringConvertible {
    var topic: String
    var title: String
    var arguments = ["config"]
    var environment: [String: String] = [:]
    var files: [String: String] = [:]
    /// The model as JSON; nil if the command fails.
    var answer: String?

    var testDescription: String { "\(topic): \(title)" }

    static let directory = "/parent/case"

    /// Reads the cases of a file in the format described by `Tools/config-diff`.
    static func all(in text: String, topic: String) -> [RecordedCase] {
        let parts = "\n\(text)".components(separatedBy: "\n### ").dropFirst()
        return parts.map { RecordedCase(String($0), topic: topic) }
    }

    private init(_ text: String, topic: String) {
        self.topic = topic
        let halves = text.components(separatedBy: "\n=== ")
        let sections = halves[0].components(separatedBy: "\n>>> ")
        let head = sections[0].components(separatedBy: "\n")
        title = head[0]
        for line in head.dropFirst() {
            if line.hasPrefix("args: ") {
                arguments = line.dropFirst(6).split(separator: " ").map(String.init)
            }
            if line.hasPrefix("env: ") {
                let pair = String(line.dropFirst(5)).components(separatedBy: "=")
                environment[pair[0]] = pair.dropFirst().joined(separator: "=")
            }
        }
        for section in sections.dropFirst() {
            let lines = section.components(separatedBy: "\n")
            let body = lines.dropFirst().joined(separator: "\n") + "\n"
            files["\(RecordedCase.directory)/\(lines[0])"] = body
        }
        if halves[1].hasPrefix("ok") {
            answer = String(halves[1].dropFirst(3))
                .replacing("__DIR__/..", with: "/parent")
                .replacing("__DIR__", with: RecordedCase.directory)
        }
    }

    /// The loader's output as a tree for comparison.
    func loaded() throws -> YAMLNode {
        let (options, access) = (options(), access)
        let text: String
        if options.interpolates {
            var warnings: [ComposeWarning] = []
            var project = try Project(loading: options, files: access, warnings: &warnings)
            project.dropUnusedResources()
            text = project.canonicalJSON.json.replacing("$", with: "$$")
        } else {
            text = try loader.tree().model(normalised: true).json
        }
        return try node(text)
    }

    /// The loader of its files.
    var loader: ProjectLoader { ProjectLoader(options(), files: access) }

    private var access: FileAccess {
        var access = MemoryFiles(files: files, currentDirectory: RecordedCase.directory).access
        access.home = "/home/me"
        return access
    }

    private func options() -> LoadOptions {
        var options = LoadOptions()
        options.environment = environment
        options.environment["HOME"] = "/home/me"
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "-f": options.files.append(rest.popFirst() ?? "")
            case "-p": options.projectName = rest.popFirst()
            case "--profile": options.profiles.append(rest.popFirst() ?? "")
            case "--env-file": options.envFiles.append(rest.popFirst() ?? "")
            case "--project-directory": options.projectDirectory = rest.popFirst()
            case "--no-interpolate": options.interpolates = false
            case "--no-path-resolution": options.resolvesPaths = false
            default: continue
            }
        }
        return options
    }
}

extension String {
    /// Splits at separators, which may be next to a carriage return.
    fileprivate func components(separatedBy separator: String) -> [String] {
        unicodeScalars.split(separator: separator.unicodeScalars, omittingEmptySubsequences: false)
            .map { String($0) }
    }
}
