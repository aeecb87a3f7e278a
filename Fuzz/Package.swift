// swift-tools-version: 6.2
import PackageDescription

/// Programs that feed random input to what reads files from outside; README.md says how to run
/// them.
let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "swiftcompose", path: "..")],
    targets: [
        .target(name: "Fuzzer")
    ]
        + ["FuzzYAML", "FuzzDotenv", "FuzzTemplate"].map { name in
            .executableTarget(
                name: name,
                dependencies: [
                    "Fuzzer", .product(name: "ComposeFile", package: "swiftcompose"),
                ]
            )
        }
)
