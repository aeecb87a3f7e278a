import Archive
import Linux
public import OCI
import SystemPackage

/// Creates a distribution's base image from its signed packages, without a registry.
///
/// mmdebstrap(1) installs the packages from the mirrors configured on the host; its archive is
/// streamed to the store. Times in the image are midnight of the current day, so that equal
/// packages give equal images on one day.
public struct Bootstrap: Sendable {
    let store: ImageStore
    /// The environment of the programs: `PATH`, proxies.
    private let environment: [String: String]
    /// Seconds since 1970.
    private let now: Int64

    public init(store: ImageStore, environment: [String: String], now: Int64) {
        self.store = store
        self.environment = environment
        self.now = now
    }

    /// Whether `reference` is a base image that can be bootstrapped.
    public static func supports(_ reference: ImageReference) -> Bool {
        Distribution(reference) != nil || BusyBox.isNamed(reference)
    }

    /// All references that can be bootstrapped.
    public static var references: [String] { Distribution.references + BusyBox.references }

    /// Creates the image and tags it `reference`, passing lines of progress to `progress`.
    public func run(
        _ reference: ImageReference,
        progress: @escaping @Sendable (String) -> Void
    ) throws(ImageStoreError) -> Image {
        if BusyBox.isNamed(reference) { return try runBusyBox(reference, progress: progress) }
        guard let distribution = Distribution(reference) else {
            let known = Self.references
            throw ImageStoreError(.notBootstrappable(known: known), in: reference.familiar)
        }
        let subject = reference.familiar
        let mmdebstrap = try program("mmdebstrap", package: "mmdebstrap", for: subject)
        let command = try arguments(for: distribution, subject)
        progress("installing \(distribution.suite) with mmdebstrap")
        let program = try RunningProgram(
            mmdebstrap,
            arguments: command,
            environment: variables,
            subject: subject,
            progress: { line in Self.step(of: line).map(progress) }
        )
        let image: Image
        do throws(ImageStoreError) {
            image = try store.importRootfs(
                program.output,
                as: nil,
                configuration: configuration(for: distribution)
            )
        } catch {
            // The program's error output is more specific than the truncated archive.
            try program.finish()
            throw error
        }
        try program.finish()
        try store.tag(image, as: reference)
        return image
    }

    /// Filters the output of mmdebstrap for progress: a hook's line contains its whole script.
    static func step(of line: String) -> String? {
        guard ["I: ", "W: ", "E: "].contains(where: line.hasPrefix),
            !line.hasPrefix("I: running --customize-hook")
        else { return nil }
        return line.hasPrefix("I: ") ? String(line.dropFirst(3)) : line
    }

    /// The beginning of the current day, in seconds since 1970.
    var midnight: Int64 { now - now % 86_400 }

    private var variables: [String: String] {
        var variables = environment
        variables["SOURCE_DATE_EPOCH"] = "\(midnight)"
        variables["LC_ALL"] = "C.UTF-8"
        if let scratch = Self.memory { variables["TMPDIR"] = scratch }
        return variables
    }

    /// A file system in memory with enough space, which is twice as fast as a disk here.
    private static var memory: String? {
        let path = "/dev/shm"
        // Use the disk where there is none.
        guard let room = try? FileSystem.availableBytes(at: FilePath(path)) else { return nil }
        return room > 2 << 30 ? path : nil
    }

    private func configuration(for distribution: Distribution) -> ImageConfiguration {
        var configuration = ImageConfiguration(created: Timestamp(seconds: midnight))
        configuration.config.env = ["PATH=\(ImageConfiguration.Config.defaultPath)"]
        configuration.config.cmd = [distribution.family == .debian ? "bash" : "/bin/bash"]
        configuration.history = [
            History(
                created: configuration.created,
                createdBy: "swiftcompose image bootstrap: mmdebstrap \(distribution.suite)"
            )
        ]
        return configuration
    }

    private func arguments(
        for distribution: Distribution,
        _ subject: String
    ) throws(ImageStoreError) -> [String] {
        let targets = try output(
            of: "apt-get",
            ["indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
            subject
        )
        let options = PackageOptions(
            configuration: try output(of: "apt-config", ["dump"], subject)
        )
        let sources = PackageSources(
            for: distribution,
            indexTargets: targets,
            osRelease: try osRelease()
        )
        let script = ImageCustomization.script(options: options, isSlim: distribution.isSlim)
        let aptOptions = ["Acquire::Languages \"none\";"] + options.lasting + options.temporary
        let dpkgOptions =
            ["force-unsafe-io"] + (distribution.isSlim ? ImageCustomization.slimFilters : [])
        return ["--mode=auto", "--variant=minbase", "--format=tar"]
            + ["--customize-hook=\(script)"] + distribution.mergedDirectories
            + aptOptions.map { "--aptopt=\($0)" } + dpkgOptions.map { "--dpkgopt=\($0)" }
            + [distribution.suite, "-"] + sources.lines
    }

    private func osRelease() throws(ImageStoreError) -> [String: String] {
        let text = try during(system: FileSystem.readText("/etc/os-release"))
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[String(parts[0])] = parts[1].filter { $0 != "\"" && $0 != "'" }
        }
        return values
    }

    private func output(
        of name: String,
        _ arguments: [String],
        _ subject: String
    ) throws(ImageStoreError) -> String {
        try output(of: try program(name, package: "apt", for: subject), arguments, subject)
    }

    /// Runs a program and returns its standard output.
    func output(
        of path: FilePath,
        _ arguments: [String],
        _ subject: String
    ) throws(ImageStoreError) -> String {
        let program = try RunningProgram(
            path,
            arguments: arguments,
            environment: variables,
            subject: subject
        ) { _ in }
        var bytes: [UInt8] = []
        while true {
            let piece = try during(archive: program.output.next())
            if piece.isEmpty { break }
            bytes += piece
        }
        try program.finish()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Finds a program in `PATH`.
    func program(
        _ name: String,
        package: String,
        for subject: String
    ) throws(ImageStoreError) -> FilePath {
        let directories = environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
        for directory in directories.split(separator: ":") {
            let path = FilePath(String(directory)).appending(name)
            if FileSystem.exists(path) { return path }
        }
        throw ImageStoreError(.missingProgram(name, package: package), in: subject)
    }
}
