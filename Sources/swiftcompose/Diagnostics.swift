import ComposeFile
import Linux
import YAML

/// Tells the faults of Compose files, at a terminal with the line that each is about.
struct Diagnostics {
    let files: FileAccess
    let terminal: Terminal

    func tell(_ faults: ComposeErrors) {
        var texts: [String: String] = [:]
        for fault in faults.errors {
            guard terminal.stream.isTerminal else {
                Output.complain(fault.description)
                continue
            }
            let file = fault.location.file
            let text = texts[file] ?? text(of: file)
            texts[file] = text
            Output.complain(fault.excerpt(from: text))
        }
    }

    private func text(of file: String) -> String {
        let path = file.hasPrefix("/") ? file : "\(files.currentDirectory)/\(file)"
        // Without its source the fault is told all the same; standard input is read only once.
        guard file != "-", let bytes = try? files.read(path) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
