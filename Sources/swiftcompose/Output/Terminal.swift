import Linux

/// The capabilities of a standard stream.
struct Terminal: Sendable {
    let stream: StandardStream
    /// Whether text may be redrawn in place.
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

    /// Columns of the terminal; 80 if there is none.
    var width: Int { stream.columns ?? 80 }

    /// The size of the terminal of standard error or output; 24 rows of 80 columns if there is none.
    static var size: Linux.Terminal.Size {
        for stream in [StandardStream.error, .output] {
            // A stream that is not a terminal has no size.
            if let size = try? Linux.Terminal.size(of: stream.rawValue), size.columns > 0 {
                return size
            }
        }
        return Linux.Terminal.Size(rows: 24, columns: 80)
    }
}

/// The use of terminal control sequences.
enum ANSIMode: String, Sendable, CaseIterable {
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

    /// The colours of a project's containers, in turn.
    static let rainbow: [Colour] = [
        .cyan, .yellow, .green, .magenta, .blue, .intenseCyan, .intenseYellow, .intenseGreen,
        .intenseMagenta, .intenseBlue,
    ]

    func paint(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
