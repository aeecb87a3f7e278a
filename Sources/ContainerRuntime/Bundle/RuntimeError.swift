public import Linux
public import SystemPackage

/// Why a container or a process in one could not be made or run.
public enum RuntimeError: Error, Sendable, Equatable {
    /// What was being done.
    public enum Step: String, Sendable, CaseIterable {
        case readBundle = "reading the bundle"
        case readProfile = "reading the seccomp profile"
        case cgroup = "setting up the control group"
        case clone = "making the process"
        case namespaces = "joining namespaces"
        case streams = "opening the standard streams"
        case rootfs = "mounting the root file system"
        case mounts = "mounting"
        case devices = "making device nodes"
        case pivot = "changing the root directory"
        case protection = "protecting kernel files"
        case kernelParameters = "setting kernel parameters"
        case names = "naming the host"
        case network = "bringing the loopback interface up"
        case limits = "setting resource limits"
        case terminal = "making the terminal"
        case user = "becoming the user"
        case capabilities = "setting capabilities"
        case seccomp = "installing the system call filter"
        case workingDirectory = "changing the working directory"
        case execute = "starting the program"
        case wait = "waiting for the process"
    }

    /// The kernel refused a step.
    case refused(Step, SystemCallError)
    /// A field of the specification has a value that cannot be used.
    case invalid(field: String, value: String, expected: String)
    /// This file of a control group, which a limit needs, is not there.
    case controllerMissing(FilePath)
    /// The image has no such user.
    case userNotFound(String)
    /// The image has no such group.
    case groupNotFound(String)
    /// The bundle in this directory cannot be read.
    case unreadableBundle(FilePath, String)
    /// The caller has several threads, so a copy of it could hang.
    case severalThreads(Int)
    /// The process ended before it could do what was asked.
    case ended(Step)
}

extension RuntimeError {
    /// What a shell would report: 127 for a program that is missing, 126 for one that cannot be
    /// run, 125 for everything else.
    public var exitCode: Int32 {
        guard case .refused(.execute, let error) = self else { return 125 }
        return error.reason == .noSuchFileOrDirectory ? 127 : 126
    }
}

extension RuntimeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let step, let error):
            "\(step.rawValue): \(error)" + Self.advice(step, error.reason)
        case .invalid(let field, let value, let expected):
            "\(field): '\(value)' cannot be used; expected \(expected)"
        case .controllerMissing(let file):
            "\(file): this limit's controller is not handed down to the group; where processes live "
                + "in the group above, as in a container, move them into one of their own first"
        case .userNotFound(let name):
            "user '\(name)' is not in the image's /etc/passwd; use a numeric id or add the user "
                + "to the image"
        case .groupNotFound(let name):
            "group '\(name)' is not in the image's /etc/group; use a numeric id or add the group "
                + "to the image"
        case .unreadableBundle(let directory, let why):
            "\(directory)/config.json: \(why)"
        case .severalThreads(let count):
            "a container is made by a process of one thread, and this one has \(count); "
                + "run 'swiftcompose runtime run' instead"
        case .ended(let step):
            "the process ended while \(step.rawValue); the kernel's log may say why"
        }
    }

    private static func advice(_ step: Step, _ reason: Errno) -> String {
        switch (step, reason) {
        case (.execute, .noSuchFileOrDirectory):
            "; neither the path nor $PATH leads to it inside the container, or the interpreter "
                + "that it names is missing there"
        case (.execute, .permissionDenied):
            "; it must be a file that the container's user may execute"
        case (.execute, .execFormatError):
            "; it is no program for this machine: a script needs a first line like #!/bin/sh, "
                + "and an image must be for this architecture"
        case (.clone, .notPermitted), (.rootfs, .notPermitted), (.mounts, .notPermitted):
            "; run as root, outside of a container or in a privileged one"
        default: ""
        }
    }
}

extension RuntimeError {
    /// The error as a message between the two sides of a clone.
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
            }
        return Array(fields.joined(separator: "\0").utf8.prefix(32_768))
    }

    /// Reads what `encoded` wrote; nil when it is something else.
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
        default: return nil
        }
    }
}

/// Calls `body`, and says of what the kernel refuses which step it belongs to.
///
/// `subject` replaces what the call knows of its object: a descriptor's number helps nobody.
func attempt<Result: ~Copyable>(
    _ step: RuntimeError.Step,
    _ subject: @autoclosure () -> String? = nil,
    _ body: () throws(SystemCallError) -> Result
) throws(RuntimeError) -> Result {
    do {
        return try body()
    } catch {
        guard let subject = subject() else { throw .refused(step, error) }
        let told = SystemCallError(call: error.call, subject: subject, reason: error.reason)
        throw .refused(step, told)
    }
}
