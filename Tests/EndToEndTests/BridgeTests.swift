import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// The output of `bridge convert`, checked by the tools of its targets.
    @Suite struct BridgeTests {
        /// The newest version that the validator knows, and three older ones.
        private static let versions = ["1.36.0", "1.34.0", "1.31.0", "1.28.0"]

        @Test func `manifests of the examples are valid for four versions of Kubernetes`() throws {
            let validator = try installedValidator()
            for sample in [
                "examples/website-api-database", "compose-samples/counter",
                "compose-samples/jobs", "compose-samples/replicas",
            ] {
                try converted(sample) { directory in
                    let found = try Program.run(
                        "find",
                        directory.appending("base").string,
                        "-name",
                        "*.yaml",
                        "-not",
                        "-name",
                        "kustomization.yaml"
                    )
                    let files = found.output.split(separator: "\n").map(String.init)
                    try #require(!files.isEmpty)
                    for version in Self.versions {
                        let outcome = try Program(
                            [validator, "--strict", "--kubernetes-version", version] + files
                        ).outcome()
                        #expect(outcome.status == 0, "\(sample), \(version): \(outcome)")
                    }
                }
            }
        }

        @Test(.enabled(if: FileSystem.exists("/usr/bin/kubectl"), "kubectl is not installed"))
        func `kubectl builds the base and the overlay`() throws {
            try converted("examples/website-api-database") { directory in
                for part in ["base", "overlays/example"] {
                    let path = directory.appending(part).string
                    let outcome = try Program.run("kubectl", "kustomize", path)
                    #expect(outcome.status == 0, "\(outcome)")
                    #expect(outcome.output.contains("kind: StatefulSet"))
                }
            }
        }

        @Test(
            .enabled(
                if: FileSystem.exists("/usr/bin/systemd-analyze"),
                "systemd-analyze is not installed"
            )
        )
        func `systemd accepts the units`() throws {
            try converted("examples/website-api-database", "--target", "systemd") { directory in
                for (part, option) in [("system", "--system"), ("user", "--user")] {
                    let parent = directory.appending(part)
                    for name in try FileSystem.entries(of: parent) {
                        let outcome = try Program.run(
                            "systemd-analyze",
                            "verify",
                            option,
                            "--man=no",
                            "--recursive-errors=no",
                            parent.appending(name).string,
                            environment: ["XDG_RUNTIME_DIR": directory.string]
                        )
                        #expect(outcome.status == 0, "\(outcome)")
                    }
                }
            }
        }

        @Test func `a second conversion writes the same files`() throws {
            try converted("examples/website-api-database") { first in
                try converted("examples/website-api-database") { second in
                    let outcome = try Program.run("diff", "-r", first.string, second.string)
                    #expect(outcome.status == 0, "\(outcome)")
                }
            }
        }

        /// Installs the validator, which PyPI has and Debian has not, in an environment of its own;
        /// skips the test if PyPI cannot be reached.
        private func installedValidator() throws -> String {
            let directory = try machine().root.appending("kubernetes-validate").string
            let script = """
                python3 -m venv \(directory) &&
                \(directory)/bin/pip install --quiet --retries 1 kubernetes-validate
                """
            let outcome = try Program.run("sh", "-c", script)
            if outcome.status != 0 { try Test.cancel("PyPI cannot be reached: \(outcome)") }
            return "\(directory)/bin/kubernetes-validate"
        }

        private func converted(
            _ sample: String,
            _ options: String...,
            body: (FilePath) throws -> Void
        ) throws {
            let machine = try machine()
            let directory = machine.root.appending("converted-\(uniqueProjectName())")
            let outcome = try machine.attempt(
                [
                    "--project-directory", Machine.repository.appending(sample).string,
                    "bridge", "convert", "--output", directory.string,
                ] + options,
                limit: .seconds(60)
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = Result { try body(directory) }
            try FileSystem.removeTree(directory)
            try result.get()
        }
    }
}
