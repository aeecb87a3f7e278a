public import ComposeFile

extension Project {
    /// Refuses the first attribute that cannot be carried out on this machine; what means nothing
    /// here is in the result, to be told.
    public func validate() throws -> [ComposeWarning] {
        let capabilities = try HostCapabilities.current()
        var warnings: [ComposeWarning] = []
        for service in orderedServices {
            let validator = ServiceValidator(
                service: service,
                project: self,
                capabilities: capabilities
            )
            try validator.validate()
            warnings += validator.warnings()
        }
        return warnings
    }
}
