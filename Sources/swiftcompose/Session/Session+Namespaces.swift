import Glibc
import Linux
import Orchestrator
import Rootless

extension Session {
    /// Moves an ordinary user's command, of one thread, into the namespaces in which it is root; does
    /// nothing for root.
    func enterNamespaces() throws {
        let user = geteuid()
        guard user != 0 else { return }
        try UserSession.enter(
            UserSession.Caller(
                user: user,
                group: getegid(),
                name: UserAccount.name(of: user) ?? "\(user)",
                environment: environment
            ),
            data: paths.data,
            warn: warn
        )
    }

    /// Ends an ordinary user's namespaces with the last project.
    func leaveNamespaces() throws {
        guard UserNamespace.holder != nil, try ContainerStore(paths).projects().isEmpty else {
            return
        }
        try UserSession.leave()
    }
}
