// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "swiftcompose", path: ".."),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    ],
    targets: [
        // Compares a container's time from start to exit with that of the bare system calls.
        .executableTarget(
            name: "ContainerStart",
            dependencies: [
                .product(name: "ContainerRuntime", package: "swiftcompose"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            // Linked like the product.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-export-dynamic",
                        "-L", Context.packageDirectory + "/../Tools/link",
                    ],
                    .when(configuration: .release)
                )
            ]
        ),
        // Measures look-ups per second of a DNS server.
        .executableTarget(
            name: "NameLookups",
            dependencies: [.product(name: "ContainerRuntime", package: "swiftcompose")]
        ),
    ]
)
