import Linux
import SystemPackage

/// The process that connects a user's network namespace to the host's network: pasta, or else
/// slirp4netns.
///
/// With both, the namespace has the same addresses, none of which is the host's: so containers reach
/// services of the host at the host's own address, but not those at its loopback address. Source:
/// pasta(1), slirp4netns(1).
struct Uplink {
    enum Kind: String {
        case pasta
        case slirp4netns
    }

    /// The address at which both forward questions to the host's name servers.
    static let nameServer = "10.0.2.3"
    static let processFile = "uplink.pid"

    private var kind: Kind
    private var program: InstalledProgram
    private var directory: FilePath

    /// Every installed program, the preferred one first; throws if there is none, or if they cannot
    /// work.
    static func choices(
        path: String?,
        directory: FilePath
    ) throws(RootlessError) -> [Uplink] {
        let found = [Kind.pasta, .slirp4netns].compactMap { kind in
            InstalledProgram(kind.rawValue, path: path).map {
                Uplink(kind: kind, program: $0, directory: directory)
            }
        }
        guard !found.isEmpty else { throw RootlessError(.missingUplink) }
        try checkTunnel()
        return found
    }

    /// The paths of the installed programs; throws if there is none.
    static func installed(path: String?) throws(RootlessError) -> [String] {
        let found = [Kind.pasta, .slirp4netns].compactMap {
            InstalledProgram($0.rawValue, path: path)?.path.string
        }
        guard !found.isEmpty else { throw RootlessError(.missingUplink) }
        return found
    }

    /// Throws unless the device with which the programs create an interface can be opened.
    static func checkTunnel() throws(RootlessError) {
        do throws(SystemCallError) {
            _ = try Descriptor.open("/dev/net/tun", .readingAndWriting)
        } catch {
            throw RootlessError(.tunMissing(error.reason))
        }
    }

    /// Connects the network namespace of a process; the user namespace is that of `owner`.
    ///
    /// Throws with the program's own message as the subject.
    func start(owner: Int32, network: Int32) throws(SystemCallError) -> ProcessHandle {
        switch kind {
        case .pasta: try startPasta(owner, network)
        case .slirp4netns: try startSlirp(owner, network)
        }
    }

    private func startPasta(
        _ owner: Int32,
        _ network: Int32
    ) throws(SystemCallError)
        -> ProcessHandle
    {
        let file = directory.appending(Self.processFile)
        let arguments = [
            "--quiet", "--config-net", "--address", "10.0.2.100", "--netmask", "24",
            "--gateway", "10.0.2.2", "--no-map-gw", "--dns-forward", Self.nameServer,
            "--tcp-ports", "none", "--udp-ports", "none", "--tcp-ns", "none", "--udp-ns", "none",
            "--pid", file.string, "--userns", "/proc/\(owner)/ns/user",
            "--netns", "/proc/\(network)/ns/net",
        ]
        if let reason = try program.failure(arguments, messagesIn: directory) {
            throw SystemCallError(call: "pasta", subject: reason, reason: .noSuchProcess)
        }
        let text = try FileSystem.readText(file)
        guard let pid = Int32(text.prefix { $0.isNumber }) else {
            throw SystemCallError(call: "read", subject: file.string, reason: .invalidArgument)
        }
        return try ProcessHandle(pid: pid)
    }

    private func startSlirp(
        _ owner: Int32,
        _ network: Int32
    ) throws(SystemCallError)
        -> ProcessHandle
    {
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        let messages = try Descriptor.openUnnamed(in: directory)
        let ready = try Pipe()
        let process = try ChildProgram.startDetached(
            program.path,
            arguments: [
                "--configure", "--mtu=65520", "--disable-host-loopback", "--enable-ipv6",
                "--ready-fd=3", "--userns-path=/proc/\(owner)/ns/user", "--netns-type=path",
                "/proc/\(network)/ns/net", "tap0",
            ],
            descriptors: [null.number, null.number, messages.number, ready.writeEnd.number],
            inNewSession: true
        )
        let answer = ready.takeReadEnd()
        guard try answer.read(upTo: 1).isEmpty else {
            try AtomicFile.write(
                Array("\(process.pid)\n".utf8),
                to: directory.appending(Self.processFile),
                flushing: false
            )
            return process
        }
        let text = try FileSystem.readText(FilePath("/proc/self/fd/\(messages.number)"))
        let reason = text.split(separator: "\n").last.map(String.init) ?? "it failed"
        throw SystemCallError(call: "slirp4netns", subject: reason, reason: .noSuchProcess)
    }

    /// The process that a holder which was killed has left behind; nil if it has exited, too.
    static func running(in directory: FilePath) -> ProcessHandle? {
        // Without the file there is none.
        guard let text = try? FileSystem.readText(directory.appending(processFile)),
            let pid = Int32(text.prefix { $0.isNumber }), isUplink(pid)
        else { return nil }
        return try? ProcessHandle(pid: pid)
    }

    /// Ends the processes that a holder or a command which was killed has left behind.
    ///
    /// A process may have been started without having written its id.
    static func removeLeftover(in directory: FilePath) throws(SystemCallError) {
        let file = directory.appending(processFile)
        var pids = try FileSystem.entries(of: "/proc").compactMap { Int32($0) }
            .filter { arguments(of: $0).contains(file.string[...]) }
        if let process = running(in: directory) { pids.append(process.pid) }
        for pid in pids {
            // Nothing is left of a process that has exited.
            if let process = try? ProcessHandle(pid: pid) { try? process.send(.kill) }
        }
        if FileSystem.exists(file) { try FileSystem.removeFile(file) }
    }

    /// Whether a process, whose id may be in use again, is one of these programs.
    private static func isUplink(_ pid: Int32) -> Bool {
        let name = arguments(of: pid).first?.split(separator: "/").last ?? ""
        return Kind(rawValue: String(name)) != nil
    }

    /// Empty for a process that has exited.
    private static func arguments(of pid: Int32) -> [Substring] {
        let text = (try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))) ?? ""
        return text.split(separator: "\0")
    }
}
