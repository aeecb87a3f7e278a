import Testing

@testable import Dockerfile

struct ModeChangeTests {
    @Test(
        arguments: [
            ("640", 0o755, 0o640), ("u=rwX,go=rX", 0o755, 0o755), ("u=rwX,go=rX", 0o644, 0o644),
            ("go-rwx", 0o755, 0o700), ("a+x", 0o644, 0o755), ("u+s,g=u,o=", 0o755, 0o4770),
            ("-x", 0o755, 0o644), ("+t", 0o755, 0o1755),
        ] as [(String, UInt16, UInt16)]
    )
    func `a file's mode is changed`(text: String, before: UInt16, after: UInt16) throws {
        let change = try ModeChange(parsing: text, at: place)
        #expect(change.applied(to: before, isDirectory: false) == after)
    }

    @Test(arguments: ["rwz", "9", "77777", "u", "", "u=q", ","])
    func `an invalid mode is refused`(text: String) {
        let error = #expect(throws: DockerfileError.self) {
            try ModeChange(parsing: text, at: place)
        }
        #expect(error?.description.contains("invalid chmod") == true, "\(error as Any)")
    }
}

struct MountOptionsTests {
    @Test func `every key is parsed`() throws {
        let text = "type=cache,id=x,target=/c,sharing=locked,mode=700,uid=1,gid=2,ro,\"source=a,b\""
        let mount = try options(text)
        #expect(mount.kind == .cache && mount.id == "x" && mount.sharing == .locked)
        #expect(mount.mode == 0o700 && mount.uid == 1 && mount.gid == 2)
        #expect(mount.isReadOnly == true && mount.source == "a,b")
    }

    @Test(arguments: ["10": 10, "64k": 65536, "1m": 1 << 20, "2GiB": 2 << 30, "3mb": 3 << 20])
    func `a size is parsed in every unit`(text: String, bytes: UInt64) throws {
        #expect(try options("type=tmpfs,target=/t,size=" + text).size == bytes)
    }

    @Test(arguments: [
        ("type=nothing,target=/x", "nothing"),
        ("type=bind", "requires target"),
        ("type=cache,target=/x,sharing=often", "often"),
        ("type=tmpfs,target=/x,size=huge", "huge"),
        ("type=bind,target=/", "cannot be /"),
        ("type=secret", "requires id"),
        ("target=/x,from=$a", "cannot contain a variable"),
        ("type=bind,target=/x,uid=-1", "uid"),
        ("type=tmpfs,target=/x,from=y", "'from' is not allowed"),
    ])
    func `an invalid mount is refused`(text: String, words: String) {
        let error = #expect(throws: DockerfileError.self) { try options(text) }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }

    private func options(_ text: String) throws -> MountOptions {
        try MountOptions(parsing: text, at: place) { text throws(DockerfileError) in text }
    }
}

private let place = SourcePosition(file: "Dockerfile", line: 1)
