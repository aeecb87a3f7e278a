extension NetworkDefinition: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("name", name)
        output.text("driver", driver)
        output.labels("driver_opts", driverOptions)
        output.section("ipam", ipam.output(form))
        output.flag("external", external)
        output.flag("internal", self.internal)
        output.flag("attachable", attachable)
        output.labels("labels", labels)
        output.boolean("enable_ipv4", enableIPv4)
        output.boolean("enable_ipv6", enableIPv6)
        output.extensions(extensions)
        return output.value
    }
}

extension IPAM {
    fileprivate func output(_ form: Canonical.Form) -> Canonical {
        var output = Canonical(form)
        output.text("driver", driver)
        output.list("config", pools) { pool in
            var entry = Canonical(form)
            entry.text("subnet", pool.subnet)
            entry.text("gateway", pool.gateway)
            entry.text("ip_range", pool.ipRange)
            entry.labels("aux_addresses", pool.auxiliaryAddresses)
            entry.extensions(pool.extensions)
            return entry.value
        }
        output.extensions(extensions)
        return output
    }
}

extension VolumeDefinition: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("name", name)
        output.text("driver", driver)
        output.labels("driver_opts", driverOptions)
        output.flag("external", external)
        output.labels("labels", labels)
        output.extensions(extensions)
        return output.value
    }
}

extension ConfigDefinition: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("name", name)
        output.text("file", file)
        output.text("environment", environment)
        output.text("content", environment == nil ? content : nil)
        output.flag("external", external)
        output.labels("labels", labels)
        output.text("template_driver", templateDriver)
        output.extensions(extensions)
        return output.value
    }
}

extension SecretDefinition: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("name", name)
        output.text("file", file)
        output.text("environment", environment)
        output.flag("external", external)
        output.labels("labels", labels)
        output.text("driver", driver)
        output.labels("driver_opts", driverOptions)
        output.text("template_driver", templateDriver)
        output.extensions(extensions)
        return output.value
    }
}

extension ModelDefinition: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("name", name)
        output.text("model", model)
        output.number("context_size", contextSize == 0 ? nil : contextSize)
        output.strings("runtime_flags", runtimeFlags)
        output.extensions(extensions)
        return output.value
    }
}
