import Notation

extension Port: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("name", name)
        output.text("mode", mode)
        output.text("host_ip", hostIP)
        output.number("target", target == 0 ? nil : target)
        output.text("published", published)
        output.text("protocol", self.protocol)
        output.text("app_protocol", appProtocol)
        output.extensions(extensions)
        return output.value
    }
}

extension ServiceNetwork: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.strings("aliases", aliases)
        output.labels("driver_opts", driverOptions)
        output.number("gw_priority", gatewayPriority == 0 ? nil : gatewayPriority)
        output.text("interface_name", interfaceName)
        output.text("ipv4_address", ipv4Address)
        output.text("ipv6_address", ipv6Address)
        output.strings("link_local_ips", linkLocalIPs)
        output.text("mac_address", macAddress)
        output.number("priority", priority == 0 ? nil : priority)
        output.extensions(extensions)
        return output.members.isEmpty && !isExplicit ? .null : output.value
    }
}

extension ServiceModel: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("endpoint_var", endpointVariable)
        output.text("model_var", modelVariable)
        output.extensions(extensions)
        return output.members.isEmpty && !isExplicit ? .null : output.value
    }
}

extension ServiceVolume: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.word("type", kind)
        output.text("source", source)
        output.text("target", target.isEmpty ? nil : target)
        output.flag("read_only", readOnly)
        output.text("consistency", consistency)
        output.object("bind", bind)
        output.object("volume", volume)
        output.object("tmpfs", tmpfs)
        output.object("image", image)
        output.extensions(extensions)
        return output.value
    }
}

extension ServiceVolume.BindOptions: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("selinux", selinux)
        output.text("propagation", propagation)
        output.flag("create_host_path", createHostPath ?? false)
        output.word("recursive", recursive)
        output.extensions(extensions)
        return output.value
    }
}

extension ServiceVolume.VolumeOptions: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.labels("labels", labels)
        output.flag("nocopy", noCopy)
        output.text("subpath", subpath)
        output.extensions(extensions)
        return output.value
    }
}

extension ServiceVolume.TmpfsOptions: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.bytes("size", size)
        output.number("mode", mode)
        output.extensions(extensions)
        return output.value
    }
}

extension ServiceVolume.ImageOptions: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("subpath", subpath)
        output.extensions(extensions)
        return output.value
    }
}

extension Device: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("source", source)
        output.text("target", target)
        output.text("permissions", permissions)
        output.extensions(extensions)
        return output.value
    }
}

extension CredentialSpec: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("config", config)
        output.text("file", file)
        output.text("registry", registry)
        output.extensions(extensions)
        return output.value
    }
}

extension BlockIO: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.number("weight", weight)
        output.list("weight_device", deviceWeights) { device in
            pair(device.path, "weight", .integer(Int64(device.weight)), form)
        }
        let rates = [
            ("device_read_bps", readBytes), ("device_read_iops", readOperations),
            ("device_write_bps", writeBytes), ("device_write_iops", writeOperations),
        ]
        for (key, devices) in rates {
            output.list(key, devices) { device in
                pair(device.path, "rate", .string(String(device.rate.bytes)), form)
            }
        }
        return output.value
    }

    /// docker compose capitalises these keys in JSON.
    private func pair(
        _ path: String,
        _ key: String,
        _ value: Value,
        _ form: Canonical.Form
    ) -> Value {
        let keys = ["path", key].map { form == .json ? $0.capitalizedASCII : $0 }
        return .object([Value.Member(keys[0], .string(path)), Value.Member(keys[1], value)])
    }
}

extension String {
    /// The string with its first letter capitalised.
    fileprivate var capitalizedASCII: String {
        prefix(1).uppercased() + dropFirst()
    }
}
