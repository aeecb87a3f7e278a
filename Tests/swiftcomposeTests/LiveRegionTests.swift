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

        func resize(rows: Int, columns: Int) {
            model.screen.withLock { $0.resize(rows: rows, columns: columns) }
        }

        init(rows: Int, columns: Int) {
            let model = Model(ScreenModel(rows: rows, columns: columns))
            self.model = model
            region = LiveRegion(
                write: { _, bytes in
                    model.screen.withLock { $0.write(String(decoding: bytes, as: UTF8.self)) }
                    return true
                },
                size: {
                    model.screen.withLock {
                        .init(rows: UInt16($0.rows), columns: UInt16($0.columns))
                    }
                },
                isTerminal: { _ in true }
            )
        }

        var history: [String] { model.screen.withLock { $0.history.filter { !$0.isEmpty } } }
        var screen: [String] { model.screen.withLock { $0.screen.filter { !$0.isEmpty } } }

        /// Writes to the terminal past the region, as its echo of what is typed does.
        func typeAtTerminal(_ text: String) { model.screen.withLock { $0.write(text) } }

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

    @Test func `nothing is lost or repeated when the terminal is resized`() {
        let fixture = Fixture(rows: 60, columns: 100)
        let display = fixture.display("Running")
        let sizes = [(60, 50), (60, 35), (60, 120), (80, 60), (80, 30), (80, 80)]
        for (number, size) in sizes.enumerated() {
            for service in 1...4 {
                let object = "Container a-rather-long-project-name-service\(number)-\(service)"
                display.sink(ProgressEvent(object, "Starting", .working))
            }
            fixture.log("before resizing to \(number)")
            fixture.resize(rows: size.0, columns: size.1)
            fixture.log("after resizing to \(number)")
        }
        display.finish()
        let history = fixture.history
        for number in sizes.indices {
            for word in ["before", "after"] {
                let line = "\(word) resizing to \(number)"
                #expect(history.count { $0 == line } == 1, "\(line): \(history)")
            }
        }
        #expect(history.count { $0.hasPrefix("[+]") } == 1, "\(history)")
        #expect(history.count { $0.contains("Starting") } == 24)
    }

    /// The terminal itself moves the top of the tree away; what follows must not be affected.
    @Test func `no log line is lost when the terminal becomes lower than the tree`() {
        let fixture = Fixture(rows: 24, columns: 60)
        let display = fixture.display("Running")
        for number in 1...20 {
            display.sink(ProgressEvent("Container c\(number)", "Starting", .working))
        }
        fixture.log("before")
        fixture.resize(rows: 8, columns: 60)
        fixture.log("after")
        display.finish()
        for line in ["before", "after"] {
            #expect(fixture.history.count { $0 == line } == 1, "\(fixture.history)")
        }
        #expect(fixture.history.count { $0 == "[+] Running 0/20" } <= 2)
    }

    @Test(arguments: [(24, 80), (5, 30), (2, 20)])
    func `the footer stays below logs and trees, and leaves no trace`(rows: Int, columns: Int) {
        let fixture = Fixture(rows: rows, columns: columns)
        fixture.region.showFooter(["   w Enable Watch   d Detach"])
        let display = fixture.display("Running")
        for number in 1...20 {
            display.sink(ProgressEvent("Container c\(number)", "Started", .done))
            fixture.log("line \(number)")
            #expect(fixture.screen.last?.hasPrefix("   w Enable Watch") == true)
        }
        display.finish()
        fixture.region.showFooter(["   w Disable Watch   d Detach"])
        fixture.log("the end")
        #expect(fixture.screen.last?.hasPrefix("   w Disable Watch") == true)
        fixture.region.showFooter([])
        let history = fixture.history
        for number in 1...20 { #expect(history.count { $0 == "line \(number)" } == 1) }
        #expect(history.last == "the end")
        #expect(!history.contains { $0.contains("Watch") })
        #expect(history.count { $0.hasPrefix("[+]") } == 1)
    }

    @Test func `wide characters take two columns`() {
        let fixture = Fixture(rows: 10, columns: 40)
        let display = fixture.display("Running")
        let name = String(repeating: "服务", count: 12)
        display.sink(ProgressEvent(name, "Starting", .working))
        for _ in 1...3 { fixture.log("a | line") }
        display.sink(ProgressEvent(name, "Started", .done))
        display.finish()
        #expect(fixture.history.count == 5, "\(fixture.history)")
        #expect(fixture.history.last?.contains("Started") == true)
    }

    @Test func `a question is asked below the logs, and its answer leaves no traces of the tree`() {
        let fixture = Fixture(rows: 10, columns: 40)
        let display = fixture.display("Running")
        display.sink(ProgressEvent("Container a", "Starting", .working))
        fixture.region.asking {
            fixture.typeAtTerminal("Recreate? [y/N] ")
            display.sink(ProgressEvent("Container b", "Starting", .working))
            fixture.typeAtTerminal("y\n")
        }
        display.finish()
        #expect(fixture.history.count { $0.hasPrefix("[+]") } == 1, "\(fixture.history)")
        #expect(fixture.history.first == "Recreate? [y/N] y")
    }

    @Test func `the end of a name is kept on a narrow terminal, and the whole status`() {
        let fixture = Fixture(rows: 10, columns: 40)
        let display = fixture.display("Running")
        display.sink(ProgressEvent("Container shop-production-frontend-1", "Started", .done))
        display.finish()
        let line = fixture.history.last ?? ""
        #expect(line.contains("…production-frontend-1  Started"), "\(line)")
    }
}
