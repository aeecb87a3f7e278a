import Testing

@testable import Dockerfile

struct ArgumentReaderTests {
    @Test(arguments: [
        ("FROM a", StageBase(name: "a")),
        ("FROM a AS Build", StageBase(name: "a", alias: "build", writtenAlias: "Build")),
        (
            "FROM a as b",
            StageBase(name: "a", alias: "b", writtenAlias: "b", hasMixedCase: true)
        ),
        ("from a as b", StageBase(name: "a", alias: "b", writtenAlias: "b")),
    ])
    func `FROM has an image and an optional name`(text: String, base: StageBase) throws {
        #expect(try parsed(text).stages.first?.base == base)
    }

    @Test(arguments: [
        ("FROM a b", "FROM requires"),
        ("FROM a AS b c", "FROM requires"),
        ("FROM a AS", "FROM requires"),
        ("FROM a AS -b", "'-b'"),
        ("FROM a AS b/c", "'b/c'"),
    ])
    func `other arguments of FROM are refused`(text: String, words: String) {
        let error = #expect(throws: DockerfileError.self) { try parsed(text) }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }

    @Test(arguments: [
        ("ARG A", [ArgumentDeclaration(name: "A")]),
        ("ARG A=", [ArgumentDeclaration(name: "A", value: "")]),
        (
            "ARG A=1 B C=\"x y\"",
            [
                ArgumentDeclaration(name: "A", value: "1"), ArgumentDeclaration(name: "B"),
                ArgumentDeclaration(name: "C", value: "\"x y\""),
            ]
        ),
    ])
    func `ARG declares variables`(text: String, expected: [ArgumentDeclaration]) throws {
        #expect(try content("FROM a\n" + text) == .arg(expected))
    }

    @Test(arguments: [
        ("COPY a b /c/", ["a", "b"], "/c/"), ("COPY [\"a b\", \"/c d/\"]", ["a b"], "/c d/"),
        ("COPY --from=x --chown=1:2 a /c", ["a"], "/c"),
        ("ADD https://x.example/y /c", ["https://x.example/y"], "/c"),
    ])
    func `a transfer has sources and a destination`(
        text: String,
        sources: [String],
        destination: String
    ) throws {
        let transfer: Transfer? =
            switch try content("FROM a\n" + text) {
            case .copy(let transfer), .add(let transfer): transfer
            default: nil
            }
        #expect(transfer?.sources == sources)
        #expect(transfer?.destination == destination)
    }

    @Test(arguments: [
        ("HEALTHCHECK CMD x", HealthCheck.command(.shell("x"), .init())),
        (
            "HEALTHCHECK --start-period=2s --start-interval=1s CMD [\"x\", \"y\"]",
            .command(
                .exec(["x", "y"]),
                .init(startPeriod: 2_000_000_000, startInterval: 1_000_000_000)
            )
        ),
        ("HEALTHCHECK none", .none),
    ])
    func `a health check is parsed`(text: String, check: HealthCheck) throws {
        #expect(try content("FROM a\n" + text) == .healthcheck(check))
    }

    @Test(arguments: [
        ("RUN --mount=type=cache,target=/c --network=none --security=insecure x", 3),
        ("RUN \"--network=none\" x", 0), ("RUN -- --network=none x", 0),
        ("COPY --link=false a b", 1),
    ])
    func `flags precede the arguments`(text: String, count: Int) throws {
        let instruction = try parsed("FROM a\n" + text).stages[0].instructions[0]
        #expect(instruction.flags.count == count)
    }
}
