// swift-tools-version: 6.2
import PackageDescription

/// Programs that feed random input to the parsers of untrusted files; see README.md.
let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "swiftcompose", path: "..")],
    targets: [
        .target(name: "Fuzzer")
    ]
        + [
            ("FuzzYAML", "ComposeFile"), ("FuzzDotenv", "ComposeFile"),
            ("FuzzTemplate", "ComposeFile"), ("FuzzDockerfile", "Dockerfile"),
            ("FuzzRequest", "EngineAPI"),
        ].map { name, parser in
            .executableTarget(
                name: name,
                dependencies: ["Fuzzer", .product(name: parser, package: "swiftcompose")]
            )
        }
)
