import ComposeFile
import Linux
import YAML

/// Prints the errors of Compose files, at a terminal with the line that each refers to.
struct Diagnostics {
    let files: FileAccess
    let terminal: Terminal

    func print(_ faults: ComposeErrors) {
        // Painted after quoting, which would escape the colours.
        let mark = "\u{E000}"
        let caret = terminal.showsColour ? Colour.redBold.paint("^") : "^"
        var sources: [String: String] = [:]
        for fault in faults.errors {
            guard terminal.stream.isTerminal, fault.location.line > 0 else {
                Output.printError(fault.description)
                continue
            }
            let file = fault.location.file
            let source = sources[file] ?? text(of: file)
            sources[file] = source
            let excerpt = fault.excerpt(from: source, caret: mark)
            Output.printStyledError(
                excerpt.escapedForTerminal(keepingNewlines: true).replacing(mark, with: caret)
            )
        }
    }

    private func text(of file: String) -> String {
        let path = file.hasPrefix("/") ? file : "\(files.currentDirectory)/\(file)"
        // Without its source the error is printed alone; standard input can be read only once.
        guard file != "-", let bytes = try? files.read(path) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
