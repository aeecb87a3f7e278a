import ComposeFile
import Linux
import YAML

/// Tells the faults of Compose files, at a terminal with the line that each is about.
struct Diagnostics {
    let files: FileAccess
    let terminal: Terminal

    func tell(_ faults: ComposeErrors) {
        var sources: [String: [Substring]] = [:]
        for fault in faults.errors {
            Output.complain(fault.description)
            guard terminal.stream.isTerminal, fault.location.line > 0 else { continue }
            let file = fault.location.file
            let lines = sources[file] ?? lines(of: file)
            sources[file] = lines
            if lines.indices.contains(fault.location.line - 1) {
                show(lines[fault.location.line - 1], fault.location)
            }
        }
    }

    /// The line with its number, and below it a mark at the column.
    private func show(_ line: Substring, _ location: SourceLocation) {
        let number = String(location.line)
        let margin = String(repeating: " ", count: number.count)
        let before = line.prefix(location.column - 1).map { $0 == "\t" ? "\t" : " " }
        let caret = terminal.showsColour ? Colour.redBold.paint("^") : "^"
        Output.complain(" \(number) | \(line)")
        Output.complain(" \(margin) | \(before.joined())\(caret)")
    }

    private func lines(of file: String) -> [Substring] {
        let path = file.hasPrefix("/") ? file : "\(files.currentDirectory)/\(file)"
        // Without its source the fault is told all the same; standard input is read only once.
        guard file != "-", let bytes = try? files.read(path) else { return [] }
        return String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0.isNewline }
    }
}
