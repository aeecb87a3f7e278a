import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// The examples in the documentation, run as they are printed.
    @Suite struct DocumentationTests {
        static let examples = ["CLUSTER.md", "DAILY.md"].flatMap { page in
            // A page that cannot be read has no examples, which the first test reports.
            let text = try? FileSystem.readText(Machine.repository.appending("docs/\(page)"))
            return DocumentedExample.all(in: text ?? "")
        }

        @Test func `the pages have examples`() { #expect(!Self.examples.isEmpty) }

        @Test(arguments: examples)
        func `an example does what the page shows`(example: DocumentedExample) throws {
            try needBusyBox()
            try withProject(example.files) { project in
                for command in example.commands {
                    let outcome = try Program(
                        ["bash", "-c", "cd \"$0\" && \(command.text)", project.directory.string],
                        environment: Shell.environment(of: project)
                            .merging(["COMPOSE_PROJECT_NAME": project.name]) { $1 },
                        limit: .seconds(60)
                    ).outcome()
                    #expect(outcome.status == 0, "\(command.text): \(outcome)")
                    #expect(
                        command.isShown(by: outcome.output),
                        "\(command.text) printed:\n\(outcome)"
                    )
                }
            }
        }
    }
}
