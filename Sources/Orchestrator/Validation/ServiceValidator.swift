public import ComposeFile

/// Checks the attributes of a service against this host before anything is created.
///
/// No attribute is ignored silently: one that cannot be honoured is rejected, and one that has no
/// effect causes a warning.
struct ServiceValidator {
    let service: Service
    let project: Project
    let capabilities: HostCapabilities
    /// Running containers are replaced as `deploy.update_config` says.
    var isRolling = false

    /// Throws for the first attribute that cannot be honoured.
    func validate() throws {
        try checkReplicas()
        try checkForeignFeatures()
        try checkNames()
        try checkNamespaces()
        try checkLimits()
        try checkHealthCheck()
        try checkFiles()
        try checkProtection()
        try checkPrivileges()
    }

    func reject(_ path: String..., because reason: String) throws -> Never {
        throw OrchestratorError.unsupported(place(path), reason: reason)
    }

    /// The attribute at `path`, for a message.
    func place(_ path: [String]) -> AttributePlace {
        AttributePlace(
            service: service.name,
            attribute: path.joined(separator: "."),
            location: service.source.location(of: path)
        )
    }

    /// `--scale` may have changed the number of replicas since the file was loaded.
    private func checkReplicas() throws {
        if let name = service.containerName, service.replicas > 1 {
            try reject(
                "container_name",
                because: "'\(name)' cannot be the name of \(service.replicas) containers; remove "
                    + "it to scale the service"
            )
        }
    }

    private func checkForeignFeatures() throws {
        if let runtime = service.runtime, !["runc", "swiftcompose"].contains(runtime) {
            try reject(
                "runtime",
                because: "runtime '\(runtime)' is not available; containers use the embedded "
                    + "runtime, so remove the attribute"
            )
        }
        if let isolation = service.isolation, !["", "default"].contains(isolation) {
            try reject(
                "isolation",
                because: "'\(isolation)' is available on Windows only; use 'default'"
            )
        }
        if let provider = service.provider {
            try reject(
                "provider",
                because: "provider '\(provider.type)' is not supported; give the service an "
                    + "image, or run the provider separately"
            )
        }
        if !service.models.isEmpty {
            try reject(
                "models",
                because:
                    "models are not supported; run the model as a service and pass its address "
                    + "in 'environment'"
            )
        }
        if let directory = service.workingDirectory, !directory.isEmpty,
            !directory.hasPrefix("/")
        {
            try reject("working_dir", because: "'\(directory)' is not an absolute path")
        }
        try checkDevices()
        if let option = service.storageOptions.keys.min() {
            try reject(
                "storage_opt",
                option,
                because: "the overlay root file system has no storage options, so '\(option)' "
                    + "cannot be applied"
            )
        }
    }

    private func checkDevices() throws {
        let reason =
            "devices cannot be requested by capability because this host has no GPU driver; "
            + "name the device nodes in 'devices'"
        if !service.gpus.isEmpty { try reject("gpus", because: reason) }
        if service.deploy?.reservations?.devices.isEmpty == false {
            try reject("deploy", "resources", "reservations", "devices", because: reason)
        }
        for (index, device) in service.devices.enumerated()
        where !device.source.hasPrefix("/") && device.source.contains("=") {
            try reject(
                "devices",
                String(index),
                because: "'\(device.source)' is a Container Device Interface name, which is not "
                    + "supported; name the device nodes under /dev"
            )
        }
    }
}

extension Project {
    /// Throws for the first attribute that this host does not support; returns warnings about those
    /// that have no effect.
    ///
    /// `isRolling` says that running containers are replaced as `deploy.update_config` says.
    public func validate(isRolling: Bool = false) throws -> [ComposeWarning] {
        let capabilities = try HostCapabilities.current()
        var warnings: [ComposeWarning] = []
        try checkResources()
        try checkPublication()
        for service in orderedServices {
            let validator = ServiceValidator(
                service: service,
                project: self,
                capabilities: capabilities,
                isRolling: isRolling
            )
            try validator.validate()
            warnings += validator.warnings()
        }
        warnings += try NetworkValidator(project: self).validate()
        return warnings + resourceWarnings()
    }
}
