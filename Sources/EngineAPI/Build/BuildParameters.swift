import ImageBuilder
import OCI
import SystemPackage

/// The parameters of a build. Source: Engine API, `ImageBuild`.
struct BuildParameters {
    let query: Query

    /// The path of the Dockerfile in the context.
    var dockerfile: String { query["dockerfile"] ?? "Dockerfile" }

    /// Whether only the id of the image is reported.
    var isQuiet: Bool { query.flag("q") }

    /// The request to build in `context`; its Dockerfile is read later.
    func request(context: FilePath) throws -> BuildRequest {
        try refuseUnsupported()
        var request = BuildRequest(context: context)
        request.target = query["target"]
        request.tags = try query.all("t").filter { !$0.isEmpty }.map { name in
            let reference = try Engine.reference(name)
            guard reference.digest == nil else {
                throw EngineError.badRequest("refusing to create a tag with a digest reference")
            }
            return reference
        }
        request.arguments = try query.document("buildargs").object.compactMapValues(\.string)
        request.labels = try query.document("labels").texts
        request.ignoresCache = query.flag("nocache")
        request.pullsAlways = query.flag("pull")
        request.network = try network()
        request.extraHosts = try query.all("extrahosts").flatMap(hosts)
        request.sharedMemory = try query.number("shmsize")
            .flatMap { $0 > 0 ? UInt64(clamping: $0) : nil }
        request.limits = try query.document("ulimits").array.map(limit)
        if let platform = query["platform"] { request.platform = try platformValue(platform) }
        return request
    }

    private func platformValue(_ text: String) throws(EngineError) -> Platform {
        do {
            return try Platform(text)
        } catch {
            throw .badRequest("invalid platform '\(text)': \(error)")
        }
    }

    private func network() throws(EngineError) -> BuildRequest.Network {
        switch query["networkmode"] ?? "default" {
        case "default", "bridge": return .standard
        case "host": return .host
        case "none": return .none
        case let name:
            throw .unsupported(
                "networkmode",
                "builds use the network 'default', 'host' or 'none', not '\(name)'"
            )
        }
    }

    /// Parses `NAME:ADDRESS`, or a list of them with commas.
    private func hosts(_ text: String) throws(EngineError) -> [BuildRequest.Host] {
        var hosts: [BuildRequest.Host] = []
        for entry in text.split(separator: ",") {
            guard let mark = entry.firstIndex(where: { ":=".contains($0) }) else {
                throw .badRequest("bad format for add-host: \"\(entry)\"")
            }
            hosts.append(
                BuildRequest.Host(
                    name: String(entry[..<mark]),
                    address: String(entry[entry.index(after: mark)...])
                )
            )
        }
        return hosts
    }

    private func limit(_ document: JSON) throws(EngineError) -> BuildRequest.Limit {
        guard let name = document["Name"].string, let soft = document["Soft"].integer,
            let hard = document["Hard"].integer
        else { throw .badRequest("invalid value of parameter 'ulimits'") }
        func value(_ number: Int64) -> UInt64 { number < 0 ? .max : UInt64(number) }
        return BuildRequest.Limit(name: name, soft: value(soft), hard: value(hard))
    }

    /// The parameters that would limit a build in a way that this builder has not.
    private static let unsupported = [
        "memory", "memswap", "cpushares", "cpusetcpus", "cpusetmems", "cpuperiod", "cpuquota",
        "cgroupparent",
    ]

    private func refuseUnsupported() throws(EngineError) {
        for name in Self.unsupported {
            guard let value = query[name], !["0", "-1"].contains(value) else { continue }
            throw .unsupported(name, "builds are not limited in this way")
        }
        if query["version"] == "2" {
            throw EngineError(501, "BuildKit is not served by this API; set DOCKER_BUILDKIT=0")
        }
        if query.flag("squash") {
            throw .unsupported("squash", "layers are not squashed")
        }
        if let isolation = query["isolation"], isolation != "default" {
            throw .unsupported("isolation", "'\(isolation)' is not supported on Linux")
        }
        for name in ["securityopt", "outputs"] where try !query.document(name).isZero {
            throw .unsupported(name, "this parameter is not supported")
        }
    }
}
