import ComposeFile
import Linux
import OCI

extension Session {
    /// Tells each warning once, in docker compose's form.
    func tell(_ warnings: [ComposeWarning]) {
        var told: Set<String> = []
        for warning in warnings {
            let place = warning.location.map { "\($0): " } ?? ""
            let text = place + warning.message
            if told.insert(text).inserted { warn(text) }
        }
    }

    /// Tells one warning.
    func warn(_ text: String) {
        if errors.stream.isTerminal {
            let mark = errors.showsColour ? Colour.yellow.paint("WARN") : "WARN"
            Output.printStyledError("\(mark)[0000] \(text.escapedForTerminal())")
        } else {
            let message = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            let time = Timestamp(seconds: WallClock.now().seconds)
            Output.printError("time=\"\(time)\" level=warning msg=\"\(message)\"")
        }
    }
}
