import Linux
import OCI
import SystemPackage

/// A pseudoterminal on the container's own devpts.
enum Console {
    /// Creates the terminal, owned by the user, and makes it the process's standard streams.
    ///
    /// Returns the primary side. The caller leads a session without a controlling terminal, and
    /// with `takesControl` the terminal becomes that.
    static func make(
        in root: borrowing ConfinedDirectory,
        size: RuntimeSpecification.ConsoleSize?,
        user: UInt32,
        isContainerConsole: Bool,
        takesControl: Bool = true
    ) throws(SystemCallError) -> Descriptor {
        let options: OpenOptions = [.readingAndWriting, .noTerminalControl]
        let master = try root.open("/dev/pts/ptmx", options)
        let number = try Terminal.unlock(master: master)
        let path = "/dev/pts/\(number)"
        let slave = try root.openWithoutLinks(path, options)
        // A volume that others write to concurrently may contain any file here.
        let status = try slave.status()
        guard status.kind == .characterDevice, (136...143).contains(status.node.major) else {
            throw SystemCallError(
                call: "open",
                subject: path,
                reason: .inappropriateIOCTLForDevice
            )
        }
        if let size {
            try Terminal.setSize(
                of: slave.number,
                to: .init(rows: size.height, columns: size.width)
            )
        }
        try CurrentProcess.setOwner(of: slave.number, user: user, group: .max)
        if isContainerConsole {
            let place = try root.make("/dev/console", .file)
            try DetachedMount(copying: slave, recursively: false).attach(to: place)
        }
        if takesControl { try Terminal.takeControl(slave) }
        for stream in Int32(0)...2 { try CurrentProcess.useAsStream(slave.number, stream) }
        return master
    }
}
