import Linux
import Orchestrator
import Rootless

extension Session {
    /// The user of this command, unless it is root.
    var ordinaryUser: UserSession.Caller? {
        let (user, group) = CurrentProcess.identity
        guard user != 0 else { return nil }
        return UserSession.Caller(
            user: user,
            group: group,
            name: UserAccount.name(of: user) ?? "\(user)",
            environment: environment
        )
    }

    /// Moves an ordinary user's command, of one thread, into the namespaces in which it is root; does
    /// nothing for root.
    func enterNamespaces() throws {
        guard let user = ordinaryUser else { return }
        try UserSession.enter(user, data: paths.data, warn: warn)
    }

    /// Ends an ordinary user's namespaces with the last project.
    func leaveNamespaces() throws {
        guard UserNamespace.holder != nil, try ContainerStore(paths).projects().isEmpty else {
            return
        }
        try UserSession.leave()
    }
}
