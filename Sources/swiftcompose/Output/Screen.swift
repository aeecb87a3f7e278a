import Linux

/// Text that is redrawn in place on a terminal.
final class Screen {
    private let terminal: Terminal

    init(_ terminal: Terminal) { self.terminal = terminal }

    /// Prints lines; on a terminal they replace the whole screen if `replacing`.
    ///
    /// A single write overwrites line by line, so that nothing flickers.
    func show(_ lines: [String], replacing: Bool) {
        guard replacing, terminal.isInteractive else {
            for line in lines { Output.line(line) }
            return
        }
        let width = terminal.width
        let text = lines.map { "\($0.prefix(width))\u{1B}[K\n" }.joined()
        terminal.stream.write("\u{1B}[H\(text)\u{1B}[J".utf8)
    }
}
