import ComposeFile
import Linux
import Notation
import SystemPackage

extension ServiceValidator {
    func checkFiles() throws {
        for (index, reference) in service.configs.enumerated() {
            guard let config = project.configs[reference.source] else { continue }
            try checkCluster(
                "configs",
                index,
                isExternal: config.external,
                driver: config.templateDriver
            )
        }
        for (index, reference) in service.secrets.enumerated() {
            guard let secret = project.secrets[reference.source] else { continue }
            try checkCluster(
                "secrets",
                index,
                isExternal: secret.external,
                driver: secret.driver ?? secret.templateDriver
            )
        }
        for (index, volume) in service.volumes.enumerated() {
            if volume.kind == .volume, let key = volume.source,
                let driver = project.volumes[key]?.driver, !["", "local"].contains(driver)
            {
                throw OrchestratorError.unsupportedDriver(
                    driver,
                    of: "volumes.\(key)",
                    known: ["local"]
                )
            }
            if volume.kind == .bind { try checkPropagation(volume, String(index)) }
            try checkTarget(volume.target, "volumes", index)
        }
        for (index, mount) in service.tmpfs.enumerated() {
            try checkTarget(String(mount.prefix { $0 != ":" }), "tmpfs", index)
        }
        try checkLogging()
    }

    /// As docker's engine, which also rejects a drive letter, as in `v:/data`.
    private func checkTarget(_ target: String, _ key: String, _ index: Int) throws {
        guard !target.hasPrefix("/") else { return }
        try reject(
            key,
            String(index),
            because: "invalid mount path '\(target)': the path in the container must be absolute"
        )
    }

    private func checkCluster(
        _ key: String,
        _ index: Int,
        isExternal: Bool,
        driver: String?
    ) throws {
        let kind = key.dropLast()
        if isExternal {
            try reject(
                key,
                String(index),
                because: "unsupported external \(kind): there is no store of \(kind)s; use 'file', "
                    + "'environment' or 'content'"
            )
        }
        if let driver, !driver.isEmpty {
            try reject(
                key,
                String(index),
                because: "\(kind) driver '\(driver)' is not available; remove it"
            )
        }
    }

    /// Mounts propagate to and from the host only if the source's mount is shared on the host.
    private func checkPropagation(_ volume: ServiceVolume, _ index: String) throws {
        guard let word = volume.bind?.propagation, let source = volume.source else { return }
        let known = ["private", "rprivate", "shared", "rshared", "slave", "rslave"]
        guard known.contains(word) else {
            try reject(
                "volumes",
                index,
                because: "'\(word)' is not a propagation mode; use one of "
                    + known.joined(separator: ", ")
            )
        }
        guard !word.hasSuffix("private"), let mount = try Mount.entry(of: FilePath(source)) else {
            return
        }
        let isGood = mount.isShared || (word.hasSuffix("slave") && mount.isSlave)
        guard !isGood else { return }
        try reject(
            "volumes",
            index,
            because: "\(source) is on the mount \(mount.mountPoint), which is not shared; "
                + "run 'mount --make-shared \(mount.mountPoint)', or remove '\(word)'"
        )
    }

    private func checkLogging() throws {
        guard let logging = service.logging, logging.driver != "none" else { return }
        if let text = logging.options["max-file"], (Int(text) ?? 0) < 1 {
            throw OrchestratorError.invalidValue(
                place(["logging", "options", "max-file"]),
                value: text,
                wanted: "a number of files, at least 1"
            )
        }
        if let text = logging.options["max-size"], ByteCount(parsing: text) == nil {
            throw OrchestratorError.invalidValue(
                place(["logging", "options", "max-size"]),
                value: text,
                wanted: "a size such as 10m"
            )
        }
    }
}
