import OCI

/// The predefined variables of FROM lines, which stages may declare.
///
/// Source: the Dockerfile reference, "Automatic platform ARGs in the global scope".
enum PlatformArguments {
    static let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"]

    static func values(
        target: Platform,
        build: Platform,
        stage: String
    ) -> [String: String] {
        var values = ["TARGETSTAGE": stage]
        for (prefix, platform) in [("TARGET", target), ("BUILD", build)] {
            values[prefix + "PLATFORM"] = "\(platform)"
            values[prefix + "OS"] = platform.os
            values[prefix + "ARCH"] = platform.architecture
            values[prefix + "VARIANT"] = platform.variant ?? ""
        }
        return values
    }

    /// `NAME=value` of the given proxies, in upper and lower case.
    static func proxies(in arguments: [String: String]) -> [String] {
        proxies.flatMap { name -> [String] in
            let lower = name.lowercased()
            guard let value = arguments[name] ?? arguments[lower] else { return [] }
            return ["\(name)=\(value)", "\(lower)=\(value)"]
        }
    }
}
