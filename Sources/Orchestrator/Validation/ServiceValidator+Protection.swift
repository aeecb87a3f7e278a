import ComposeFile
import ContainerRuntime
import SystemPackage

extension ServiceValidator {
    func checkProtection() throws {
        try checkSpecification()
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
                try reject(
                    "security_opt",
                    String(index),
                    because: "this kernel does not support AppArmor, so profile '\(profile)' "
                        + "cannot be applied"
                )
            }
        }
    }
}

extension ServiceValidator {
    /// Lets the runtime parse the attributes whose format only it knows.
    private func checkSpecification() throws {
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

/// An entry of `security_opt`: a name and a value separated by `=` or `:`.
enum SecurityOption: Equatable {
    case noNewPrivileges(Bool)
    case unconfinedSeccomp
    case builtInSeccomp
    /// The path of a profile, or the profile itself.
    case seccomp(String)
    case appArmor(String)
    case unconfinedSystemPaths
    /// An SELinux label.
    case label(String)

    /// Nil if `text` is not a valid option.
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
