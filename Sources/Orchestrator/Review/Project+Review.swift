public import ComposeFile

extension Project {
    /// Refuses the first attribute that cannot be carried out on this machine; what means nothing
    /// here is in the result, to be told.
    public func review() throws -> [ComposeWarning] {
        let facts = try MachineFacts.ofThisMachine()
        var notices: [ComposeWarning] = []
        for service in orderedServices {
            let review = ServiceReview(service: service, project: self, facts: facts)
            try review.refuseWhatCannotBe()
            notices += review.notices()
        }
        return notices
    }
}
