import Linux
import Orchestrator
import Synchronization
import TestSupport
import Testing

@testable import swiftcompose

struct LiveRegionTests {
    /// A region on a modelled terminal.
    private struct Fixture {
        private final class Model: Sendable {
            let screen: Mutex<ScreenModel>
            init(_ screen: ScreenModel) { self.screen = Mutex(screen) }
        }

        private let model: Model
        let region: LiveRegion

        init(rows: Int, columns: Int) {
            let model = Model(ScreenModel(rows: rows, columns: columns))
            self.model = model
            region = LiveRegion(
                write: { _, bytes in
                    model.screen.withLock { $0.write(String(decoding: bytes, as: UTF8.self)) }
                    return true
                },
                size: { .init(rows: UInt16(rows), columns: UInt16(columns)) }
            )
        }

        var history: [String] { model.screen.withLock { $0.history.filter { !$0.isEmpty } } }
        var screen: [String] { model.screen.withLock { $0.screen.filter { !$0.isEmpty } } }

        func log(_ text: String) { _ = region.print(Array((text + "\n").utf8), to: .output) }

        func display(_ title: String) -> ProgressDisplay {
            ProgressDisplay(
                title: title,
                mode: .tty,
                output: ProgressOutput(
                    region: region,
                    stream: .error,
                    isInteractive: true,
                    showsColour: true
                )
            )
        }
    }

    @Test(arguments: [(24, 80), (10, 60), (5, 60), (3, 30), (50, 200)])
    func `logs scroll above the progress tree, and no line is shown twice`(
        rows: Int,
        columns: Int
    ) {
        let fixture = Fixture(rows: rows, columns: columns)
        let services = (1...40).map { "Container shop-service\($0)-1" }
        let display = fixture.display("Running")
        for (number, service) in services.enumerated() {
            display.sink(ProgressEvent(service, "Starting", .working))
            fixture.log("service\(number + 1)-1  | first line")
            #expect(fixture.screen.count <= rows)
            display.sink(ProgressEvent(service, "Started", .done))
            fixture.log("service\(number + 1)-1  | second line")
        }
        display.finish()
        let history = fixture.history
        for number in 1...40 {
            for line in ["first", "second"] {
                let text = "service\(number)-1  | \(line) line"
                #expect(history.count { $0 == text } == 1, "\(text)")
            }
        }
        #expect(history.count { $0.hasPrefix("[+] Running") } == 1)
        #expect(history.count { $0.contains("✔") } == 40)
        #expect(!history.contains { $0.contains("more") || $0.contains("Starting") })
    }

    @Test func `a tree taller than the screen is folded and shows what is in progress`() {
        let fixture = Fixture(rows: 10, columns: 60)
        let display = fixture.display("Running")
        for number in 1...40 {
            display.sink(ProgressEvent("Container c\(number)", "Started", .done))
        }
        display.sink(ProgressEvent("Container c7", "Stopping", .working))
        let screen = fixture.screen
        #expect(screen.count <= 9)
        #expect(screen.first == "[+] Running 39/40")
        #expect(screen.contains { $0.contains("Container c7 ") && $0.contains("Stopping") })
        #expect(screen.last == "   … and 33 more")
    }

    @Test func `layers are shown below their image until it is pulled`() {
        let fixture = Fixture(rows: 12, columns: 70)
        let display = fixture.display("Pulling")
        let image = "Image alpine:3"
        display.sink(ProgressEvent(image, "Pulling", .working))
        display.sink(
            ProgressEvent(
                "aaaaaaaaaaaa",
                "Downloading",
                .working,
                parent: image,
                amount: .init(20_000_000, of: 40_000_000)
            )
        )
        display.sink(ProgressEvent("bbbbbbbbbbbb", "Pull complete", .done, parent: image))
        let screen = fixture.screen
        #expect(screen[0] == "[+] Pulling 0/1")
        #expect(screen[2].contains("   aaaaaaaaaaaa  Downloading [#####     ] 20MB / 40MB"))
        #expect(screen[3].contains("✔   bbbbbbbbbbbb  Pull complete"))
        display.sink(ProgressEvent(image, "Pulled", .done))
        display.finish()
        #expect(fixture.history.count == 2)
        #expect(fixture.history.last?.contains("✔ Image alpine:3  Pulled") == true)
    }

    @Test func `lines of two displays stay below the logs`() {
        let fixture = Fixture(rows: 12, columns: 60)
        let (one, two) = (fixture.display("Running"), fixture.display("Stopping"))
        one.sink(ProgressEvent("Container a", "Starting", .working))
        two.sink(ProgressEvent("Container b", "Stopping", .working))
        fixture.log("a | still here")
        #expect(
            fixture.screen.map { $0.prefix(12) } == [
                "a | still he", "[+] Running ", " ⠋ Container", "[+] Stopping", " ⠋ Container",
            ]
        )
        one.finish()
        fixture.log("a | later")
        two.finish()
        #expect(fixture.screen.count { $0.hasPrefix("[+]") } == 2)
        #expect(fixture.screen[3] == "a | later")
    }

    @Test func `a log line without its newline is not broken by progress`() {
        let fixture = Fixture(rows: 10, columns: 60)
        let display = fixture.display("Running")
        display.sink(ProgressEvent("Container a", "Starting", .working))
        _ = fixture.region.print(Array("half".utf8), to: .output)
        display.sink(ProgressEvent("Container a", "Waiting", .working))
        fixture.log(" a line")
        #expect(fixture.screen.first == "half a line")
        #expect(fixture.screen.count == 3)
    }

    @Test func `lines drawn before the terminal was narrowed are erased`() {
        let columns = Mutex(80)
        let written = Mutex("")
        let region = LiveRegion(
            write: { _, bytes in
                written.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
                return true
            },
            size: { .init(rows: 24, columns: UInt16(columns.withLock(\.self))) }
        )
        let pane = region.open()
        region.show([String(repeating: "x", count: 79)], in: pane)
        columns.withLock { $0 = 40 }
        written.withLock { $0 = "" }
        region.show(["short"], in: pane)
        #expect(written.withLock(\.self) == "\u{1B}[2A\r\u{1B}[Jshort\n")
    }
}
