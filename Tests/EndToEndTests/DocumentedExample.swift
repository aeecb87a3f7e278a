import Linux
import SystemPackage
import Testing

/// The example of one section of a page in `docs/`: files, and commands with their output.
///
/// A block ```` ```yaml NAME ```` is a file. In a block ```` ```console ```` each line after `$ ` is a
/// command for bash, and the lines after it are its output, in which `…` stands for any text;
/// without such lines the output does not matter.
struct DocumentedExample: Equatable {
    struct Command: Equatable {
        var text: String
        var output: [String] = []
    }

    var title = ""
    var files: [String: String] = [:]
    var commands: [Command] = []

    /// The sections of a page that have commands.
    static func all(in page: String) -> [DocumentedExample] {
        var examples: [DocumentedExample] = []
        var block: Substring?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                block = block == nil ? line.dropFirst(3) : nil
            } else if let block {
                guard !examples.isEmpty else { continue }
                examples[examples.count - 1].add(line, to: block)
            } else if line.hasPrefix("## ") {
                examples.append(DocumentedExample(title: String(line.dropFirst(3))))
            }
        }
        return examples.filter { !$0.commands.isEmpty }
    }

    private mutating func add(_ line: Substring, to block: Substring) {
        let words = block.split(separator: " ").map(String.init)
        if words.count == 2 {
            files[words[1], default: ""] += line + "\n"
        } else if words == ["console"] {
            if line.hasPrefix("$ ") {
                commands.append(Command(text: String(line.dropFirst(2))))
            } else if !commands.isEmpty {
                commands[commands.count - 1].output.append(String(line))
            }
        }
    }
}

extension DocumentedExample.Command {
    /// Whether `output` is what the page shows.
    func isShown(by output: String) -> Bool {
        guard !self.output.isEmpty else { return true }
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // The last line of an output ends with a line feed.
        let actual = lines.last == "" ? Array(lines.dropLast()) : lines
        return actual.count == self.output.count
            && zip(actual, self.output).allSatisfy { Self.matches($0, pattern: $1) }
    }

    /// Columns are as wide as their contents, so a run of spaces matches any other.
    private static func matches(_ line: String, pattern: String) -> Bool {
        var rest = squeezed(line)[...]
        var parts = squeezed(pattern).split(separator: "…", omittingEmptySubsequences: false)
        let last = parts.removeLast()
        for (place, part) in parts.enumerated() {
            guard
                let found = part.isEmpty
                    ? rest.startIndex..<rest.startIndex : rest.firstRange(of: part),
                place > 0 || found.lowerBound == rest.startIndex
            else { return false }
            rest = rest[found.upperBound...]
        }
        return parts.isEmpty ? rest == last : rest.hasSuffix(last)
    }

    private static func squeezed(_ text: String) -> String {
        text.split(separator: " ").joined(separator: " ")
    }
}

extension DocumentedExample: CustomTestStringConvertible {
    var testDescription: String { title }
}
