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
        }
        try checkLogging()
    }

    private func checkCluster(
        _ kind: String,
        _ index: Int,
        isExternal: Bool,
        driver: String?
    ) throws {
        let what = kind.dropLast()
        if isExternal {
            try refuse(
                kind,
                String(index),
                because: "unsupported external \(what): there is no store to take it from; give "
                    + "it a 'file', 'environment' or 'content'"
            )
        }
        if let driver, !driver.isEmpty {
            try refuse(
                kind,
                String(index),
                because: "the \(what) has the driver '\(driver)', and there are none here"
            )
        }
    }

    /// Mounts travel to and from the host only where the host shares the mount they are on.
    private func checkPropagation(_ volume: ServiceVolume, _ index: String) throws {
        guard let word = volume.bind?.propagation, let source = volume.source else { return }
        let known = ["private", "rprivate", "shared", "rshared", "slave", "rslave"]
        guard known.contains(word) else {
            try refuse(
                "volumes",
                index,
                because: "'\(word)' is no propagation; known here: "
                    + known.joined(separator: ", ")
            )
        }
        guard !word.hasSuffix("private"), let mount = try Mount.entry(of: FilePath(source)) else {
            return
        }
        let isGood = mount.isShared || (word.hasSuffix("slave") && mount.isSlave)
        guard !isGood else { return }
        try refuse(
            "volumes",
            index,
            because: "\(source) lies on the mount at \(mount.mountPoint), which the host does not "
                + "share; run 'mount --make-shared \(mount.mountPoint)', or drop '\(word)'"
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
