import ArgumentParser
import ImageStore
import Linux
import Orchestrator

struct SystemDf: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "df",
        abstract: "Show disk usage of images, containers, volumes and the build cache.",
        discussion: """
            RECLAIMABLE is what 'image prune --all', 'rm', 'volume prune --all' and \
            'image builder prune' would free. Layers that images share with the build cache are \
            part of the images; they are freed when neither needs them.
            """
    )

    @Option(help: "Format of the output: table, 'table TEMPLATE', json, or a Go template.")
    var format = "table"

    func run(in session: Session) async throws -> Int32 {
        let format = try ListFormat(format)
        let host = try session.openHost()
        let usage = try await BackgroundThread.run {
            try host.diskUsage { session.warn("\($0)") }
        }
        let list = FormattedList(
            DiskUsageListing.all(of: usage),
            headings: DiskUsageListing.headings,
            columns: DiskUsageListing.columns
        )
        for line in try format.lines(list) { Output.line(line) }
        return 0
    }
}
