// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "swiftcompose", path: ".."),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    ],
    targets: [
        // How long a container takes from start to exit, against the bare calls it is made of.
        .executableTarget(
            name: "ContainerStart",
            dependencies: [
                .product(name: "ContainerRuntime", package: "swiftcompose"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            // As the program that starts containers is linked.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-export-dynamic",
                        "-L", Context.packageDirectory + "/../Tools/link",
                    ],
                    .when(configuration: .release)
                )
            ]
        )
    ]
)
