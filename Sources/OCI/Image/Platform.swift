/// The platform of an image: operating system, CPU architecture and variant.
///
/// The values are Go's `GOOS` and `GOARCH`. Source: OCI Image Specification, image-index.md.
public struct Platform: Hashable, Sendable {
    public var os: String
    public var architecture: String
    /// The CPU variant, for example `v8`; nil if the architecture has none.
    public var variant: String?
    public var osVersion: String?
    public var osFeatures: [String]

    public init(
        os: String,
        architecture: String,
        variant: String? = nil,
        osVersion: String? = nil,
        osFeatures: [String] = []
    ) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
        self.osVersion = osVersion
        self.osFeatures = osFeatures
    }

    /// Parses `linux/arm64/v8`, `linux/amd64`, `arm64` or `linux`, with containerd's normalization.
    public init(_ text: String) throws(OCIError) {
        let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
        guard (1...3).contains(parts.count), parts.allSatisfy(Self.isWord) else {
            throw OCIError(.platform, in: text)
        }
        if parts.count == 1 {
            self = Self.systems.contains(parts[0]) ? .host : .host.with(architecture: parts[0])
            if Self.systems.contains(parts[0]) { os = parts[0] }
        } else {
            self.init(os: parts[0], architecture: parts[1], variant: parts.dropFirst(2).first)
        }
        self = normalised
    }

    /// The platform this program was compiled for.
    public static let host: Platform = {
        #if arch(x86_64)
        Platform(os: "linux", architecture: "amd64")
        #elseif arch(arm64)
        Platform(os: "linux", architecture: "arm64", variant: "v8")
        #elseif arch(arm)
        Platform(os: "linux", architecture: "arm", variant: "v7")
        #elseif arch(i386)
        Platform(os: "linux", architecture: "386")
        #elseif arch(powerpc64le)
        Platform(os: "linux", architecture: "ppc64le")
        #elseif arch(s390x)
        Platform(os: "linux", architecture: "s390x")
        #elseif arch(riscv64)
        Platform(os: "linux", architecture: "riscv64")
        #endif
    }()

    /// Whether an image for `other` satisfies a request for this platform.
    public func accepts(_ other: Platform) -> Bool {
        let (wanted, offered) = (normalised, other.normalised)
        guard wanted.os == offered.os, wanted.architecture == offered.architecture else {
            return false
        }
        return wanted.variant == offered.variant || offered.variant == nil || wanted.variant == nil
    }

    /// The platform in the spelling that registries use.
    public var normalised: Platform {
        var result = self
        result.os = os.lowercased() == "macos" ? "darwin" : os.lowercased()
        switch architecture.lowercased() {
        case "x86_64", "x86-64", "amd64": result.architecture = "amd64"
        case "i386", "i486", "i586", "i686": result.architecture = "386"
        case "aarch64", "arm64":
            result.architecture = "arm64"
            if variant == nil || variant == "8" { result.variant = "v8" }
        case "armhf":
            result.architecture = "arm"
            result.variant = "v7"
        case "armel":
            result.architecture = "arm"
            result.variant = "v6"
        case "arm":
            result.architecture = "arm"
            result.variant = variant.map { $0.hasPrefix("v") ? $0 : "v" + $0 } ?? "v7"
        default: result.architecture = architecture.lowercased()
        }
        return result
    }

    private func with(architecture: String) -> Platform {
        Platform(os: os, architecture: architecture)
    }

    private static let systems: Set<String> = [
        "linux", "windows", "darwin", "macos", "freebsd", "netbsd", "openbsd", "solaris",
    ]

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            }
    }
}

extension Platform: CustomStringConvertible {
    public var description: String {
        "\(os)/\(architecture)" + (variant.map { "/" + $0 } ?? "")
    }
}

extension Platform: Codable {
    private enum CodingKeys: String, CodingKey {
        case os
        case architecture
        case variant
        case osVersion = "os.version"
        case osFeatures = "os.features"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        os = try container.decode(String.self, forKey: .os)
        architecture = try container.decode(String.self, forKey: .architecture)
        variant = try container.decodeIfPresent(String.self, forKey: .variant).nonEmpty
        osVersion = try container.decodeIfPresent(String.self, forKey: .osVersion).nonEmpty
        osFeatures = try container.decodeIfPresent([String].self, forKey: .osFeatures) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(os, forKey: .os)
        try container.encode(architecture, forKey: .architecture)
        try container.encodeIfPresent(variant, forKey: .variant)
        try container.encodeIfPresent(osVersion, forKey: .osVersion)
        if !osFeatures.isEmpty { try container.encode(osFeatures, forKey: .osFeatures) }
    }
}
