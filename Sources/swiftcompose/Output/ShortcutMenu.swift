import Linux
import Orchestrator
import Synchronization

/// The line below the logs of an attached `up` that names its keys.
final class ShortcutMenu: Sendable {
    private let region: LiveRegion
    private let showsColour: Bool
    private let warn: @Sendable (String) -> Void
    /// Delivers the keys once they are read.
    private let (began, beginning) = AsyncStream<KeyStream>.makeStream()
    private let keys = Mutex<KeyStream?>(nil)

    init(
        _ region: LiveRegion,
        showsColour: Bool,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.region = region
        self.showsColour = showsColour
        self.warn = warn
    }

    var shortcuts: Shortcuts {
        Shortcuts(
            begin: { [self] in begin($0) },
            next: { [self] in await next() },
            show: { [self] in show($0) },
            end: { [self] in end() }
        )
    }

    private func begin(_ watching: Shortcuts.Watching) {
        do {
            let stream = try KeyStream()
            keys.withLock { $0 = stream }
            beginning.yield(stream)
            show(watching)
        } catch {
            warn("the keys of the menu do not work: \(error)")
        }
        beginning.finish()
    }

    private func next() async -> Shortcuts.Command? {
        if keys.withLock({ $0 }) == nil { for await _ in began { break } }
        guard let keys = keys.withLock({ $0 }) else { return nil }
        while let key = await keys.next() {
            switch key {
            case UInt8(ascii: "d"), UInt8(ascii: "D"): return .detach
            case UInt8(ascii: "w"), UInt8(ascii: "W"): return .toggleWatch
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                // As at any prompt, to separate what comes from what was.
                _ = region.print([UInt8(ascii: "\n")], to: .error)
            default: break
            }
        }
        return nil
    }

    private func show(_ watching: Shortcuts.Watching) {
        var entries = [("d", "Detach")]
        switch watching {
        case .impossible: break
        case .off: entries.insert(("w", "Enable Watch"), at: 0)
        case .on: entries.insert(("w", "Disable Watch"), at: 0)
        }
        let texts = entries.map { key, action in
            "   " + (showsColour ? Colour.blue.paint(key) : key) + " " + action
        }
        region.showFooter([texts.joined()])
    }

    private func end() {
        keys.withLock { $0 }?.end()
        region.showFooter([])
    }
}
