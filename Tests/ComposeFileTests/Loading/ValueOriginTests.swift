import Testing

@testable import ComposeFile

struct ValueOriginTests {
    private func lines(
        of subject: String,
        in files: MemoryFiles,
        _ environment: [String: String] = [:]
    ) throws(ComposeErrors) -> [String] {
        var options = LoadOptions()
        options.environment = environment
        options.readsEnvFiles = false
        var warnings: [ComposeWarning] = []
        let project = try Project(loading: options, files: files.access, warnings: &warnings)
        var full = project
        try full.readEnvFiles(files.access, warnings: &warnings)
        return try ProjectLoader(options, files: files.access)
            .origin(of: subject, in: project, withEnvFiles: full).lines
    }

    @Test func `an extended service and its base are named`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              web:
                extends: {file: base.yaml, service: common}
                user: "7"
            """,
            "/work/base.yaml": """
            services:
              common:
                image: base
                user: "5"
            """,
        ]
        #expect(
            try lines(of: "web.user", in: files) == [
                "services.web.user = \"7\"", "  from compose.yaml:4:11: 7",
                "  hides base.yaml:4:11: 5",
            ]
        )
        #expect(
            try lines(of: "services.web.image", in: files) == [
                "services.web.image = \"base\"", "  from base.yaml:3:12: base",
            ]
        )
    }

    @Test func `lists are merged`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "services: {web: {image: x, cap_add: [NET_ADMIN]}}\n",
            "/work/compose.override.yaml": "services: {web: {cap_add: [SYS_TIME]}}\n",
        ]
        #expect(
            try lines(of: "web.cap_add", in: files) == [
                #"services.web.cap_add = ["NET_ADMIN","SYS_TIME"]"#,
                #"  from compose.override.yaml:1:27: ["SYS_TIME"]"#,
                #"  merged with compose.yaml:1:37: ["NET_ADMIN"]"#,
            ]
        )
    }

    @Test func `a variable of the shell hides that of the env file`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "services: {web: {image: \"x:${TAG}\"}}\n",
            "/work/.env": "# tags\nexport TAG=2\n",
        ]
        #expect(
            try lines(of: "TAG", in: files, ["TAG": "3"]) == [
                "TAG = 3", "  from the shell", "  hides .env:2: 2",
                "  used at compose.yaml:1:25: x:${TAG}",
            ]
        )
    }

    @Test func `a name without a value takes the project's`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "services: {web: {image: x, environment: [MODE, A=b]}}\n"
        ]
        #expect(
            try lines(of: "web.environment.MODE", in: files, ["MODE": "m"]) == [
                "services.web.environment.MODE = \"m\"", "  from compose.yaml:1:42: ",
                "  MODE = m", "    from the shell",
            ]
        )
    }

    @Test func `a file that is included is named`() throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": "include: [other.yaml]\nservices: {web: {image: x}}\n",
            "/work/other.yaml": "services: {db: {image: y}}\n",
        ]
        #expect(
            try lines(of: "db.image", in: files) == [
                "services.db.image = \"y\"", "  from other.yaml:1:24: y",
            ]
        )
    }

    @Test func `an unknown attribute is refused`() {
        let files: MemoryFiles = ["/work/compose.yaml": "services: {web: {image: x}}\n"]
        let error = #expect(throws: ComposeErrors.self) { try lines(of: "web.port", in: files) }
        #expect(error?.description.contains("'web.port' has no value") == true)
    }

    @Test(arguments: [("env_file: web.env", true), ("environment: [LEVEL=3]", true), ("", false)])
    func `a variable of a command that only the container has is warned of`(
        attribute: String,
        isWarned: Bool
    ) throws {
        let files: MemoryFiles = [
            "/work/compose.yaml": """
            services:
              web:
                image: x
                command: serve --level $LEVEL
                \(attribute)
            """,
            "/work/web.env": "LEVEL=3\n",
        ]
        var warnings: [ComposeWarning] = []
        _ = try Project(loading: LoadOptions(), files: files.access, warnings: &warnings)
        #expect(warnings.contains { $0.message.contains("write $$LEVEL") } == isWarned)
    }
}
