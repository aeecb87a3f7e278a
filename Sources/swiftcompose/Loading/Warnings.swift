import ComposeFile
import Linux
import OCI

extension Session {
    /// Prints each distinct warning once, in docker compose's form.
    func show(_ warnings: [ComposeWarning]) {
        var shown: Set<String> = []
        for warning in warnings {
            let place = warning.location.map { "\($0): " } ?? ""
            let text = place + warning.message
            if shown.insert(text).inserted { warn(text) }
        }
    }

    /// Reports the options among those accepted for older scripts that have no effect.
    func warnOfIgnored(_ options: [(name: String, isSet: Bool)]) {
        for option in options where option.isSet { warn("\(option.name) has no effect") }
    }

    /// Prints a warning.
    func warn(_ text: String) {
        let line: String
        if errors.stream.isTerminal {
            let mark = errors.showsColour ? Colour.yellow.paint("WARN") : "WARN"
            line = "\(mark)[0000] \(text.escapedForTerminal(keepingNewlines: true))"
        } else {
            let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            let time = Timestamp(seconds: WallClock.now().seconds)
            line = "time=\"\(time)\" level=warning msg=\"\(escaped.escapedForTerminal())\""
        }
        _ = region.print(Array((line + "\n").utf8), to: .error)
    }
}
