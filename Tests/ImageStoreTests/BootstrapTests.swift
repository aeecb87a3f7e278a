import Linux
import OCI
import SystemPackage
import Testing

@testable import ImageStore

struct BootstrapTests {
    @Test(arguments: [
        ("debian:bookworm-slim", "bookworm", true), ("debian", "trixie", false),
        ("debian:12", "bookworm", false), ("docker.io/library/debian:11-slim", "bullseye", true),
        ("ubuntu:24.04", "noble", false), ("ubuntu", "noble", false),
    ])
    func `a base image is recognized by every name`(
        name: String,
        suite: String,
        isSlim: Bool
    ) throws {
        let distribution = try #require(Distribution(try ImageReference(name)))
        #expect(distribution.suite == suite)
        #expect(distribution.isSlim == isSlim)
    }

    @Test(arguments: [
        "alpine", "ghcr.io/library/debian", "debian:9", "me/debian", "ubuntu:noble-slim",
    ])
    func `other images cannot be bootstrapped`(name: String) throws {
        #expect(Distribution(try ImageReference(name)) == nil)
    }

    @Test func `a static program is recognized by its program headers`() throws {
        #expect(BusyBox.isStatic(try FileSystem.read("/bin/busybox")))
        #expect(!BusyBox.isStatic(try FileSystem.read("/bin/cat")))
        #expect(!BusyBox.isStatic(Array("#!/bin/sh\n".utf8)))
        #expect(!BusyBox.isStatic([0x7F, 0x45, 0x4C, 0x46, 2] + Array(repeating: 0xFF, count: 59)))
    }

    @Test(arguments: [("busybox", true), ("busybox:1.36", false), ("me/busybox", false)])
    func `only the plain name stands for BusyBox`(name: String, isKnown: Bool) throws {
        #expect(BusyBox.isNamed(try ImageReference(name)) == isKnown)
    }

    @Test func `every listed reference is supported`() throws {
        for reference in Bootstrap.references {
            #expect(Bootstrap.supports(try ImageReference(reference)))
        }
    }

    @Test func `the host's mirrors serve the image's release of the same distribution`() throws {
        let targets = """
            http://mirror.example/debian/ bookworm main
            http://mirror.example/debian/ bookworm-updates main
            http://mirror.example/security/ bookworm-security main
            http://mirror.example/debian/ bookworm-backports main
            https://apt.example.org/ stable
            """
        let host = ["ID": "debian", "VERSION_CODENAME": "bookworm"]
        let trixie = try #require(Distribution(try ImageReference("debian:trixie")))
        let sources = PackageSources(for: trixie, indexTargets: targets, osRelease: host)
        #expect(
            sources.lines == [
                "deb http://mirror.example/debian trixie main",
                "deb http://mirror.example/debian trixie-updates main",
                "deb http://mirror.example/security trixie-security main",
            ]
        )
        let noble = try #require(Distribution(try ImageReference("ubuntu:noble")))
        let official = PackageSources(for: noble, indexTargets: targets, osRelease: host)
        #expect(official.lines[0] == "deb http://archive.ubuntu.com/ubuntu noble main universe")
    }

    @Test func `a proxy reachable by containers is kept in the image, one on localhost is not`() {
        let options = PackageOptions(
            configuration: """
                Acquire "";
                Acquire::http::Proxy "http://proxy.example:3128";
                Acquire::https::Proxy "http://127.0.0.1:3142/";
                Acquire::Check-Valid-Until "false";
                APT::Architecture "amd64";
                """
        )
        #expect(
            options.lasting == [
                "Acquire::http::Proxy \"http://proxy.example:3128\";",
                "Acquire::Check-Valid-Until \"false\";",
            ]
        )
        #expect(options.temporary == ["Acquire::https::Proxy \"http://127.0.0.1:3142/\";"])
    }

    @Test func `a missing program is reported with its package`() throws {
        try withStore { fixture in
            let bootstrap = Bootstrap(store: fixture.store, environment: ["PATH": "/none"], now: 0)
            let error = #expect(throws: ImageStoreError.self) {
                try bootstrap.run(try ImageReference("debian:bookworm")) { _ in }
            }
            #expect(error?.description.contains("apt-get install mmdebstrap") == true)
        }
    }
}
