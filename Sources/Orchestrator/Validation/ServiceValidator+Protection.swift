import ComposeFile
import ContainerRuntime
import SystemPackage

extension ServiceValidator {
    func checkProtection() throws {
        try tryRuntime()
        for (index, text) in service.securityOptions.enumerated() {
            guard let option = SecurityOption(text) else {
                throw OrchestratorError.invalidValue(
                    place(["security_opt", String(index)]),
                    value: text,
                    wanted: "no-new-privileges, seccomp=…, apparmor=…, label=… or systempaths=…"
                )
            }
            if case .seccomp(let profile) = option {
                let directory = FilePath(project.workingDirectory)
                _ = try service.seccomp(profile, at: index, in: directory)
            }
            guard case .appArmor(let profile) = option else { continue }
            let isAlways = ["unconfined", AppArmor.standardProfile, ""].contains(profile)
            if !capabilities.hasAppArmor, !isAlways {
                try refuse(
                    "security_opt",
                    String(index),
                    because: "this kernel has no AppArmor, so nothing would confine the container "
                        + "to '\(profile)'"
                )
            }
        }
    }
}

extension ServiceValidator {
    /// Has the runtime read what it alone understands.
    private func tryRuntime() throws {
        var trial = DefaultSpecification(arguments: ["true"], cgroupPath: "/")
        trial.addedCapabilities = service.addedCapabilities
        trial.droppedCapabilities = service.droppedCapabilities
        trial.deviceRules = service.deviceCgroupRules
        trial.devices = service.devices.map { device in
            .init(source: FilePath(device.source), permissions: device.permissions ?? "rwm")
        }
        trial.sysctls = service.sysctls
        if service.networkMode == .host { trial.networkNamespace = .host }
        if service.ipc == .host { trial.ipcNamespace = .host }
        if service.uts == .host { trial.utsNamespace = .host }
        do {
            _ = try trial.specification()
        } catch {
            throw service.explain(error)
        }
    }
}

/// One entry of `security_opt`; the name and the value stand on both sides of `=`, or `:`.
enum SecurityOption: Equatable {
    case noNewPrivileges(Bool)
    case unconfinedSeccomp
    case builtInSeccomp
    /// The path of a profile, or its text.
    case seccomp(String)
    case appArmor(String)
    case unconfinedSystemPaths
    /// A word of SELinux's.
    case label(String)

    /// Nil for anything else.
    init?(_ text: String) {
        let separator: Character = text.contains("=") ? "=" : ":"
        let parts = text.split(separator: separator, maxSplits: 1).map(String.init)
        switch (parts.first, parts.count > 1 ? parts[1] : nil) {
        case ("no-new-privileges", nil): self = .noNewPrivileges(true)
        case ("no-new-privileges", let word?):
            let words = ["true": true, "1": true, "false": false, "0": false]
            guard let value = words[word.lowercased()] else { return nil }
            self = .noNewPrivileges(value)
        case ("seccomp", "unconfined"): self = .unconfinedSeccomp
        case ("seccomp", "builtin"): self = .builtInSeccomp
        case ("seccomp", let value?): self = .seccomp(value)
        case ("apparmor", let profile?): self = .appArmor(profile)
        case ("systempaths", "unconfined"): self = .unconfinedSystemPaths
        case ("label", let word?): self = .label(word)
        case ("disable", nil): self = .label("disable")
        default: return nil
        }
    }
}
