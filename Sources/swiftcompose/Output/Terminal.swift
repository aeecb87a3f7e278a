import Linux

/// A standard stream as the command sees it: where it leads and what it can show.
struct Terminal: Sendable {
    let stream: StandardStream
    /// A person is looking.
    let isInteractive: Bool
    let showsColour: Bool

    /// Source: https://no-color.org; `--ansi` as docker compose's.
    init(_ stream: StandardStream, ansi: ANSIMode, environment: [String: String]) {
        self.stream = stream
        let refusesColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        let isAnimated = stream.isTerminal && environment["TERM"] != "dumb"
        isInteractive = isAnimated && ansi != .never
        showsColour = (isInteractive || ansi == .always) && !refusesColour
    }

    /// Columns of the terminal; 80 where there is none.
    var width: Int { stream.columns ?? 80 }
}

/// When terminal control sequences are written.
enum ANSIMode: String, Sendable {
    case auto
    case always
    case never
}

/// Colours by their escape sequences.
enum Colour: String, Sendable {
    case red = "31"
    case redBold = "31;1"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case magenta = "35"
    case cyan = "36"
    case intenseCyan = "36;1"
    case intenseYellow = "33;1"
    case intenseGreen = "32;1"
    case intenseMagenta = "35;1"
    case intenseBlue = "34;1"
    case brightGreen = "92"

    /// In turn for the containers of a project.
    static let rainbow: [Colour] = [
        .cyan, .yellow, .green, .magenta, .blue, .intenseCyan, .intenseYellow, .intenseGreen,
        .intenseMagenta, .intenseBlue,
    ]

    func paint(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
