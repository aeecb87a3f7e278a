import Testing
import YAML

@testable import ComposeFile

struct SelectionTests {
    private let text = """
        services:
          web: {image: a, depends_on: [api]}
          api: {image: a, depends_on: [db], networks: [back], volumes: ['data:/data']}
          db: {image: a}
          debug: {image: a, profiles: [debug]}
          shell: {image: a, profiles: [tools, debug]}
        networks: {back: , unused: }
        volumes: {data: , spare: }
        """

    @Test(arguments: [
        ([], ["api", "db", "web"]), (["debug"], ["api", "db", "debug", "shell", "web"]),
        (["tools"], ["api", "db", "shell", "web"]),
        (["*"], ["api", "db", "debug", "shell", "web"]),
        (["other"], ["api", "db", "web"]),
    ])
    func `profiles enable services`(profiles: [String], expected: [String]) throws {
        #expect(try project(text, profiles: profiles).serviceNames == expected)
    }

    @Test func `named services are selected with their dependencies`() throws {
        var loaded = try project(text)
        try loaded.select(["api"])
        #expect(loaded.serviceNames == ["api", "db"])
        #expect(loaded.inactiveServices.keys.sorted() == ["debug", "shell", "web"])
    }

    @Test func `dependencies left out stay declared`() throws {
        var loaded = try project(text)
        try loaded.select(["web"])
        loaded.deactivateDependencies(of: ["web"])
        #expect(loaded.serviceNames == ["web"])
        #expect(loaded.inactiveServices.keys.sorted() == ["api", "db", "debug", "shell"])
    }

    @Test func `a build uses the contexts of other services at any distance`() throws {
        var loaded = try project(
            """
            services:
              top: {build: {context: ., additional_contexts: {one: 'service:mid'}}}
              mid: {build: {context: ., additional_contexts: {two: 'service:low', x: ./x}}}
              low: {build: {context: ., secrets: [key]}}
              other: {build: .}
            secrets: {key: {file: key}}
            """
        )
        try loaded.select(["top"])
        loaded.dropUnusedResources()
        #expect(loaded.buildClosure(of: loaded.serviceNames) == ["top", "mid", "low"])
        #expect(loaded.secrets.keys.sorted() == ["key"])
    }

    @Test func `a named service activates its profiles`() throws {
        var loaded = try project(text)
        try loaded.select(["debug"])
        #expect(loaded.serviceNames == ["debug"])
        #expect(loaded.profiles == ["debug"])
    }

    @Test func `an unknown service is rejected with a suggestion`() throws {
        var loaded = try project(text)
        let errors = #expect(throws: ComposeErrors.self) { try loaded.select(["dbb"]) }
        #expect(errors?.description.contains("no such service: dbb; did you mean 'db'?") == true)
    }

    @Test func `resources that no active service uses are dropped`() throws {
        var loaded = try project(text)
        loaded.dropUnusedResources()
        #expect(loaded.networks.keys.sorted() == ["back", "default"])
        #expect(loaded.volumes.keys.sorted() == ["data"])
    }

    @Test func `variables of the service take precedence over env files`() throws {
        let loaded = try project(
            "services: {web: {image: a, env_file: [a.env, b.env], environment: [A=own, N]}}",
            environment: ["SHELL": "zsh"],
            files: ["/work/a.env": "A=file\nB=1\nN=2\nC=${A} ${SHELL}\n", "/work/b.env": "B=2\n"]
        )
        let environment = try #require(loaded.services["web"]).environment
        #expect(environment == ["A": "own", "B": "2", "N": nil, "C": "own zsh"])
        #expect(loaded.services["web"]?.envFiles.isEmpty == true)
    }

    @Test func `a raw env file is taken as it is`() throws {
        let loaded = try project(
            "services: {web: {image: a, env_file: [{path: a.env, format: raw}]}}",
            files: ["/work/a.env": "A='$B'\n"]
        )
        #expect(loaded.services["web"]?.environment == ["A": "'$B'"])
    }

    @Test func `a missing env file is refused where it is named, unless it may be missing`() throws
    {
        let errors = loadingErrors(of: "services:\n  web:\n    image: a\n    env_file: [a.env]\n")
        #expect(errors.first?.location.line == 4)
        let optional = "services: {web: {image: a, env_file: [{path: a.env, required: false}]}}"
        #expect(try project(optional).services["web"]?.environment.isEmpty == true)
    }

    @Test func `labels of the service take precedence over label files`() throws {
        let loaded = try project(
            "services: {web: {image: a, label_file: a.labels, labels: {own: '1'}}}",
            files: ["/work/a.labels": "own=2\nother=3\n"]
        )
        #expect(loaded.services["web"]?.labels == ["own": "1", "other": "3"])
    }

    @Test func `a dependency that requires a profile is named with it`() throws {
        var loaded = try project(
            """
            services:
              web: {image: a, profiles: [front], depends_on: [db]}
              db: {image: a, profiles: [back]}
            """
        )
        let errors = #expect(throws: ComposeErrors.self) { try loaded.select(["web"]) }
        #expect(errors?.errors.first?.location.line == 2)
        #expect(errors?.description.contains("requires the profile 'back'") == true)
    }
}
