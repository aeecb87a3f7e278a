public import Linux
public import SystemPackage

/// An error in creating or running a container or a process in one.
public enum RuntimeError: Error, Sendable, Equatable {
    /// The operation that failed, as a message names it.
    public enum Step: String, Sendable, CaseIterable {
        case readBundle = "reading the bundle"
        case readProfile = "reading the seccomp profile"
        case cgroup = "setting up the control group"
        case clone = "creating the process"
        case namespaces = "joining namespaces"
        case streams = "opening the standard streams"
        case rootfs = "mounting the root file system"
        case mounts = "mounting"
        case devices = "creating device nodes"
        case pivot = "changing the root directory"
        case protection = "protecting kernel files"
        case kernelParameters = "setting kernel parameters"
        case names = "setting the host name"
        case network = "bringing the loopback interface up"
        case limits = "setting resource limits"
        case terminal = "creating the terminal"
        case user = "switching to the user"
        case capabilities = "setting capabilities"
        case seccomp = "installing the system call filter"
        case workingDirectory = "changing the working directory"
        case execute = "starting the program"
        case wait = "waiting for the process"
    }

    /// The kernel refused a step.
    case refused(Step, SystemCallError)
    /// A field of the specification has an unusable value.
    case invalid(field: String, value: String, expected: String)
    /// A limit needs this file of a control group, which does not exist.
    case controllerMissing(FilePath)
    /// The image has no such user.
    case userNotFound(String)
    /// The image has no such group.
    case groupNotFound(String)
    /// The bundle in this directory cannot be read.
    case unreadableBundle(FilePath, String)
    /// The caller has several threads, so a copy of it could deadlock.
    case severalThreads(Int)
    /// The process exited during this step without reporting a reason.
    case ended(Step)
    /// A directory cannot be mounted on a file, nor a file on a directory.
    case mismatchedMount(source: String, destination: String, isDirectory: Bool)
    /// The program at this path exists and cannot be executed.
    case unusableProgram(String, ProgramFault)
}

extension RuntimeError {
    /// The exit status that a shell would report: 127 for a program that is missing, 126 for one
    /// that cannot be executed, 125 for everything else.
    public var exitCode: Int32 {
        switch self {
        case .refused(.execute, let error):
            error.reason == .noSuchFileOrDirectory ? 127 : 126
        case .unusableProgram(_, let fault): fault.isMissingFile ? 127 : 126
        default: 125
        }
    }
}

extension RuntimeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let step, let error):
            "\(step.rawValue): \(error)" + Self.advice(step, error.reason)
        case .invalid(let field, let value, let expected):
            "\(field): invalid value '\(value)'; expected \(expected)"
        case .controllerMissing(let file):
            "\(file): the controller of this limit is not enabled for the group; if the parent "
                + "group contains processes, as inside a container, first move them to a group of their own"
        case .userNotFound(let name):
            "unable to find user '\(name)' in the image's /etc/passwd; use a numeric id or add the "
                + "user to the image"
        case .groupNotFound(let name):
            "unable to find group '\(name)' in the image's /etc/group; use a numeric id or add the "
                + "group to the image"
        case .unreadableBundle(let directory, let why):
            "\(directory)/config.json: \(why)"
        case .severalThreads(let count):
            "creating a container requires a process with one thread, and this one has \(count); "
                + "run 'swiftcompose runtime run' instead"
        case .mismatchedMount(let source, let destination, let isDirectory):
            isDirectory
                ? "cannot mount directory '\(source)' on file '\(destination)' of the image; check "
                    + "that the source exists on the host and is a file"
                : "cannot mount file '\(source)' on directory '\(destination)' of the image; name a "
                    + "file as the target, or a directory as the source"
        case .unusableProgram(let path, let fault): "cannot execute '\(path)': \(fault)"
        case .ended(let step):
            "the process exited while \(step.rawValue); see the kernel log for the reason"
        }
    }

    private static func advice(_ step: Step, _ reason: Errno) -> String {
        switch (step, reason) {
        case (.execute, .noSuchFileOrDirectory):
            "; the program is neither at this path nor in $PATH inside the container"
        case (.execute, .permissionDenied):
            "; the program must be a file that the container's user may execute"
        case (.execute, .execFormatError):
            "; the program is not for this machine: a script needs a first line such as #!/bin/sh, "
                + "and an image must be for this architecture"
        case (.workingDirectory, .notDirectory): "; the working directory is a file in the image"
        case (.workingDirectory, .noSuchFileOrDirectory):
            "; create the directory in the image or choose another working directory"
        case (.workingDirectory, .permissionDenied):
            "; the container's user may not enter the directory"
        case (.mounts, .noSuchFileOrDirectory): "; create the missing file or directory first"
        case (.mounts, .notDirectory): "; a part of the path is a file"
        case (.clone, .notPermitted), (.rootfs, .notPermitted), (.mounts, .notPermitted):
            "; run as root, outside a container or in a privileged one"
        default: ""
        }
    }
}

extension RuntimeError {
    /// The error as a message from the new process to its parent.
    var encoded: [UInt8] {
        let fields: [String] =
            switch self {
            case .refused(let step, let error):
                [
                    "refused", step.rawValue, error.call, String(error.reason.rawValue),
                    error.subject,
                ]
            case .invalid(let field, let value, let expected):
                ["invalid", field, value, expected]
            case .controllerMissing(let file): ["controller", file.string]
            case .userNotFound(let name): ["user", name]
            case .groupNotFound(let name): ["group", name]
            case .unreadableBundle(let directory, let why): ["bundle", directory.string, why]
            case .severalThreads(let count): ["threads", String(count)]
            case .ended(let step): ["ended", step.rawValue]
            case .mismatchedMount(let source, let destination, let isDirectory):
                ["mismatch", source, destination, isDirectory ? "directory" : "file"]
            case .unusableProgram(let path, let fault): ["program", path] + fault.fields
            }
        return Array(fields.joined(separator: "\0").utf8.prefix(32_768))
    }

    /// Decodes a message that `encoded` produced; nil for anything else.
    init?(decoding message: [UInt8]) {
        let text = String(decoding: message, as: UTF8.self)
        let fields = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        switch (fields.first, fields.count) {
        case ("refused", 5):
            guard let step = Step(rawValue: fields[1]), let code = Int32(fields[3]) else {
                return nil
            }
            let reason = Errno(rawValue: code)
            self = .refused(
                step,
                SystemCallError(call: fields[2], subject: fields[4], reason: reason)
            )
        case ("invalid", 4):
            self = .invalid(field: fields[1], value: fields[2], expected: fields[3])
        case ("controller", 2): self = .controllerMissing(FilePath(fields[1]))
        case ("user", 2): self = .userNotFound(fields[1])
        case ("group", 2): self = .groupNotFound(fields[1])
        case ("bundle", 3): self = .unreadableBundle(FilePath(fields[1]), fields[2])
        case ("threads", 2): self = .severalThreads(Int(fields[1]) ?? 0)
        case ("ended", 2): self = .ended(Step(rawValue: fields[1]) ?? .clone)
        case ("mismatch", 4):
            self = .mismatchedMount(
                source: fields[1],
                destination: fields[2],
                isDirectory: fields[3] == "directory"
            )
        case ("program", 4):
            guard let fault = ProgramFault(fields: Array(fields[2...])) else { return nil }
            self = .unusableProgram(fields[1], fault)
        default: return nil
        }
    }
}

extension RuntimeError {
    /// Makes one system call or a function of several, adding the step to an error of the kernel.
    ///
    /// An autoclosure, since the compiler infers the thrown type of an expression and not that of
    /// a closure. A block of statements is a function, or a `do` whose `catch` adds the step.
    @discardableResult
    static func during<Result: ~Copyable>(
        _ step: Step,
        _ call: @autoclosure () throws(SystemCallError) -> Result
    ) throws(RuntimeError) -> Result {
        do {
            return try call()
        } catch {
            throw .refused(step, error)
        }
    }

    /// The same, and replaces the subject that the call knows, such as a descriptor's number.
    @discardableResult
    static func during<Result: ~Copyable>(
        _ step: Step,
        _ subject: @autoclosure () -> String,
        _ call: @autoclosure () throws(SystemCallError) -> Result
    ) throws(RuntimeError) -> Result {
        do {
            return try call()
        } catch {
            throw .refused(step, error.replacingSubject(with: subject()))
        }
    }
}

extension SystemCallError {
    /// Returns the error with a subject that says more than the one the call knows.
    func replacingSubject(with subject: String) -> SystemCallError {
        SystemCallError(call: call, subject: subject, reason: reason)
    }
}
