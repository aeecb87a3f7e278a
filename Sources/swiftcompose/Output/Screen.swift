import Linux

/// Text that is shown again and again in the same place, where a person looks.
final class Screen {
    private let terminal: Terminal

    init(_ terminal: Terminal) { self.terminal = terminal }

    /// Shows lines; at a terminal in the place of everything else, where `replacing`.
    ///
    /// One write, each line over the one that was there, so that nothing flickers.
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
