import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// The build cache, by the output of `build`.
    @Suite struct BuildTests {
        private let services = """
            services:
              teller: {build: ., command: cat /id, network_mode: none}

            """

        private func dockerfile(_ word: String) -> String {
            """
            FROM test/busybox
            RUN : \(word)
            WORKDIR /made
            RUN cat /proc/sys/kernel/random/uuid > /id

            """
        }

        @Test
        func `a changed RUN step invalidates the steps after it, even without changing files`()
            throws
        {
            try needBusyBox()
            let files = ["compose.yaml": services, "Dockerfile": dockerfile("once")]
            try withProject(files) { project in
                func build(_ word: String) throws -> String {
                    let path = project.directory.appending("Dockerfile")
                    try AtomicFile.write(Array(dockerfile(word).utf8), to: path)
                    try project.compose("build")
                    return try project.compose("run", "--rm", "teller")
                }
                let first = try build("once")
                #expect(first.utf8.count == 37)
                #expect(try build("once") == first)
                #expect(try build("again") != first)
                #expect(try build("once") == first)
            }
        }
    }
}
