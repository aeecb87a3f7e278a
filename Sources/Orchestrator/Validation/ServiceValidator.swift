import ComposeFile

/// What a service asks for, held against what there is here, before anything is made.
///
/// Nothing is passed over in silence: what cannot be done is refused, and what means nothing here
/// is said once.
struct ServiceValidator {
    let service: Service
    let project: Project
    let capabilities: HostCapabilities

    /// Throws for the first attribute that cannot be carried out.
    func validate() throws {
        try checkForeignFeatures()
        try checkNamespaces()
        try checkLimits()
        try checkFiles()
        try checkProtection()
    }

    func refuse(_ path: String..., because reason: String) throws -> Never {
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

    private func checkForeignFeatures() throws {
        if let runtime = service.runtime, !["runc", "swiftcompose"].contains(runtime) {
            try refuse(
                "runtime",
                because: "'\(runtime)' is not here; the embedded runtime is the only one, so "
                    + "leave the attribute out"
            )
        }
        if let isolation = service.isolation, !["", "default"].contains(isolation) {
            try refuse(
                "isolation",
                because: "'\(isolation)' is for Windows; on Linux there is only 'default'"
            )
        }
        if let provider = service.provider {
            try refuse(
                "provider",
                because: "services are not handed to outside programs such as "
                    + "'\(provider.type)'; give the service an image, or run the program yourself"
            )
        }
        if !service.models.isEmpty {
            try refuse(
                "models",
                because: "there is no runner for AI models here; start one as a service and name "
                    + "it in 'environment'"
            )
        }
        if service.usesAPISocket {
            try refuse(
                "use_api_socket",
                because: "there is no engine here and so no socket of one to show"
            )
        }
        if !service.preStart.isEmpty {
            try refuse(
                "pre_start",
                because: "containers before the start are not made here; write a service that "
                    + "ends, and depend on it with 'condition: service_completed_successfully'"
            )
        }
        if let directory = service.workingDirectory, !directory.isEmpty,
            !directory.hasPrefix("/")
        {
            try refuse("working_dir", because: "'\(directory)' is no absolute path")
        }
        try checkDevices()
        if let option = service.storageOptions.keys.min() {
            try refuse(
                "storage_opt",
                option,
                because: "the root file system is an overlay without a limit of its own, and "
                    + "'\(option)' cannot be given to it"
            )
        }
    }

    private func checkDevices() throws {
        let reason =
            "devices cannot be asked for by what they do, since no driver for graphics "
            + "processors was found on this machine; name the nodes in 'devices'"
        if !service.gpus.isEmpty { try refuse("gpus", because: reason) }
        if service.deploy?.reservations?.devices.isEmpty == false {
            try refuse("deploy", "resources", "reservations", "devices", because: reason)
        }
        for (index, device) in service.devices.enumerated()
        where !device.source.hasPrefix("/") && device.source.contains("=") {
            try refuse(
                "devices",
                String(index),
                because: "'\(device.source)' is a name of the Container Device Interface, which "
                    + "is not read here; name the nodes under /dev"
            )
        }
    }
}
