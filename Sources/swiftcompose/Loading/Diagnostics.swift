import ComposeFile
import Linux
import YAML

/// Tells the faults of Compose files, at a terminal with the line that each is about.
struct Diagnostics {
    let files: FileAccess
    let terminal: Terminal

    func tell(_ faults: ComposeErrors) {
        var sources: [String: String] = [:]
        let caret = terminal.showsColour ? Colour.redBold.paint("^") : "^"
        for fault in faults.errors {
            guard terminal.stream.isTerminal, fault.location.line > 0 else {
                Output.printError(fault.description)
                continue
            }
            let file = fault.location.file
            let source = sources[file] ?? text(of: file)
            sources[file] = source
            Output.printStyledError(fault.excerpt(from: source, caret: caret))
        }
    }

    private func text(of file: String) -> String {
        let path = file.hasPrefix("/") ? file : "\(files.currentDirectory)/\(file)"
        // Without its source the fault is told all the same; standard input is read only once.
        guard file != "-", let bytes = try? files.read(path) else { return "" }
        return String(decoding: bytes, as: UTF8.self).escapedForTerminal(keepingNewlines: true)
    }
}
