// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

/// Saves 2 of the 6 ms that a start of the released program would take: no symbols are exported,
/// since none are looked up, and the C++ library is linked statically.
let quickStart = LinkerSetting.unsafeFlags(
    [
        "-use-ld=lld", "-Xlinker", "--no-export-dynamic",
        "-L", Context.packageDirectory + "/Tools/link",
    ],
    .when(configuration: .release)
)

let package = Package(
    name: "swiftcompose",
    products: [
        .executable(name: "swiftcompose", targets: ["swiftcompose"]),
        .library(name: "ComposeFile", targets: ["ComposeFile", "Notation", "YAML"]),
        .library(name: "Dockerfile", targets: ["Dockerfile"]),
        .library(name: "EngineAPI", targets: ["EngineAPI"]),
        .library(
            name: "ContainerRuntime",
            targets: ["ContainerRuntime", "ContainerNetwork", "Linux", "Notation", "OCI"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        // Command line: reads arguments, calls one function, prints.
        .executableTarget(
            name: "swiftcompose",
            dependencies: [
                "Archive", "ComposeFile", "ContainerNetwork", "ContainerRuntime", "Conversion",
                "Dockerfile", "Doctor", "EngineAPI", "ImageBuilder", "ImageStore", "Linux",
                "Notation", "OCI",
                "Orchestrator", "Registry", "Rootless", "Swarm", "TaskGraph", "YAML", system,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house,
            linkerSettings: [quickStart]
        ),

        // The Docker Engine API over a Unix socket, for docker's own clients.
        .target(
            name: "EngineAPI",
            dependencies: [
                "Addresses", "Archive", "ComposeFile", "ContainerNetwork", "ContainerRuntime",
                "Dockerfile", "ImageBuilder", "ImageStore", "Linux", "Notation", "OCI",
                "Orchestrator", "Registry", system,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house
        ),

        // Orchestration: compares the Compose file with running containers, plans, executes, supervises.
        .target(
            name: "Orchestrator",
            dependencies: [
                "Addresses", "Archive", "ComposeFile", "ContainerNetwork", "ContainerRuntime",
                "Dockerfile", "ImageBuilder", "ImageStore", "Linux", "Notation", "OCI",
                "TaskGraph", "YAML", crypto, system,
            ],
            swiftSettings: house
        ),

        // Mechanisms: none of them knows what a Compose project is.
        // Images on disk: an OCI image layout and the snapshots unpacked from it.
        .target(
            name: "ImageStore",
            dependencies: ["Archive", "Linux", "OCI", crypto, system],
            swiftSettings: house
        ),
        // Stacks on a Docker Engine in swarm mode, through its API.
        .target(
            name: "Swarm",
            dependencies: [
                "ComposeFile", "Conversion", crypto, system,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: house
        ),
        // Pulls and pushes images, downloads files for ADD.
        .target(
            name: "Registry",
            dependencies: [
                "Archive", "ImageStore", "Linux", "OCI", system,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: house
        ),
        // Builds images from Dockerfiles.
        .target(
            name: "ImageBuilder",
            dependencies: [
                "Addresses", "Archive", "ContainerNetwork", "ContainerRuntime", "Dockerfile",
                "ImageStore", "Linux", "Notation", "OCI", "TaskGraph", crypto, system,
            ],
            swiftSettings: house
        ),
        // An ordinary user's namespaces, in which everything else runs as for root.
        .target(name: "Rootless", dependencies: ["Linux", system], swiftSettings: house),
        // Whether the machine can run containers, by trying.
        .target(
            name: "Doctor",
            dependencies: ["ContainerRuntime", "Linux", "Rootless", system],
            swiftSettings: house
        ),
        // One container: namespaces, mounts, cgroups, capabilities, seccomp, exec.
        .target(
            name: "ContainerRuntime",
            dependencies: ["Linux", "Notation", "OCI", system],
            swiftSettings: house
        ),
        // Bridges, veth pairs, addresses, NAT, published ports, DNS.
        .target(
            name: "ContainerNetwork",
            dependencies: ["Addresses", "DNS", "Linux", "Notation", system],
            swiftSettings: house
        ),

        // Values: formats and specifications; no clock, no network.
        // YAML text to nodes with positions.
        .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: house),
        // The Compose Specification as a typed model, and its loader.
        .target(
            name: "ComposeFile",
            dependencies: ["Addresses", "Notation", "YAML", crypto],
            swiftSettings: house
        ),
        // A loaded project as files of other engines, with a report of its attributes.
        .target(
            name: "Conversion",
            dependencies: ["ComposeFile", "Notation", "YAML", crypto],
            swiftSettings: house
        ),
        // Dockerfile text to instructions with positions.
        .target(name: "Dockerfile", dependencies: ["Notation"], swiftSettings: house),
        // OCI image and runtime specifications as values.
        .target(name: "OCI", swiftSettings: house),
        // Durations, byte counts and names as Compose files, Dockerfiles and options write them.
        .target(name: "Notation", swiftSettings: house),
        // DNS messages.
        .target(name: "DNS", dependencies: ["Addresses"], swiftSettings: house),
        // IP addresses, subnets and MAC addresses, which JSON holds as text.
        .target(name: "Addresses", swiftSettings: house),
        // Bounded concurrent execution of a dependency graph.
        .target(name: "TaskGraph", swiftSettings: house),

        // Ground: C and the only Swift that talks to it.
        // Tar archives by libarchive, confined to a root directory.
        .target(
            name: "Archive",
            dependencies: ["CArchive", "Linux", system],
            swiftSettings: house
        ),
        // System calls as Swift values and functions.
        .target(
            name: "Linux",
            dependencies: ["CLinux", "CNFTables", "CSeccomp", system],
            swiftSettings: house
        ),
        // Calls that glibc does not wrap and macros that Swift cannot import.
        .target(name: "CLinux"),
        // Libraries that are loaded on first use.
        .target(name: "CArchive", dependencies: ["CLinux"]),
        .target(name: "CNFTables", dependencies: ["CLinux"]),
        // Libraries that are loaded at program start.
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(
            name: "CSeccomp",
            pkgConfig: "libseccomp",
            providers: [.apt(["libseccomp-dev"])]
        ),

        // Tests: a target for each Swift target above, and one for the whole program.
        // Fixtures shared by tests: scratch directories, reproducible random numbers.
        .target(
            name: "TestSupport",
            dependencies: ["Linux", system],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        .testTarget(
            name: "LinuxTests",
            dependencies: ["Linux", "TestSupport", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "ArchiveTests",
            dependencies: ["Archive", "Linux", "TestSupport", system],
            swiftSettings: house
        ),
        .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: house),
        .testTarget(
            name: "DockerfileTests",
            dependencies: ["Dockerfile", "Linux", system],
            swiftSettings: house
        ),
        .testTarget(name: "OCITests", dependencies: ["OCI"], swiftSettings: house),
        .testTarget(name: "NotationTests", dependencies: ["Notation"], swiftSettings: house),
        .testTarget(name: "DNSTests", dependencies: ["Addresses", "DNS"], swiftSettings: house),
        .testTarget(name: "AddressesTests", dependencies: ["Addresses"], swiftSettings: house),
        .testTarget(name: "TaskGraphTests", dependencies: ["TaskGraph"], swiftSettings: house),
        .testTarget(
            name: "ComposeFileTests",
            dependencies: ["ComposeFile", "Linux", "Notation", "YAML", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "SwarmTests",
            dependencies: ["ComposeFile", "Conversion", "Swarm", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "ConversionTests",
            dependencies: ["ComposeFile", "Conversion", "Linux", "TestSupport", "YAML", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "ImageStoreTests",
            dependencies: ["Archive", "ImageStore", "Linux", "OCI", "TestSupport", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "ImageStore", "Linux", "OCI", "Registry", "TestSupport", system,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "ImageBuilderTests",
            dependencies: ["ImageBuilder", "ImageStore", "Linux", "OCI", "TestSupport", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "ContainerRuntimeTests",
            dependencies: ["ContainerRuntime", "Linux", "OCI", "TestSupport", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "DoctorTests",
            dependencies: ["Doctor", "Linux", "Rootless", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "RootlessTests",
            dependencies: ["Linux", "Rootless", "TestSupport", system],
            swiftSettings: house
        ),
        .testTarget(
            name: "ContainerNetworkTests",
            dependencies: [
                "Addresses", "ContainerNetwork", "DNS", "Linux", "TestSupport", system,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "OrchestratorTests",
            dependencies: [
                "Addresses", "ComposeFile", "ContainerNetwork", "ContainerRuntime", "Linux",
                "OCI", "Orchestrator", "TaskGraph", "TestSupport", system,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "EngineAPITests",
            dependencies: [
                "Dockerfile", "EngineAPI", "ImageBuilder", "ImageStore", "Linux", "OCI",
                "Orchestrator", "Registry", "TestSupport", system,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "swiftcomposeTests",
            dependencies: [
                "ComposeFile", "ImageBuilder", "ImageStore", "Linux", "OCI", "Orchestrator",
                "Registry", "TaskGraph", "TestSupport", "swiftcompose", system,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house
        ),
        // Kills a program before its N-th change of the outside world; ptrace(2) has no place in
        // the product.
        .executableTarget(name: "cut", path: "Tests/cut"),
        // Runs the built binary on real projects.
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["EngineAPI", "Linux", "TestSupport", system],
            swiftSettings: house
        ),
    ]
)
