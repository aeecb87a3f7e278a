import ComposeFile

extension KubernetesConverter {
    /// The base that lists the resources, and an example of an overlay.
    func kustomizations(of resources: [String]) -> [Conversion.File] {
        let base: Node = [
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "resources": .texts(resources),
        ]
        var overlay = Object()
        overlay.set("apiVersion", "kustomize.config.k8s.io/v1beta1")
        overlay.set("kind", "Kustomization")
        overlay.set(
            "namespace",
            ResourceName.label(project.name),
            comment: "An example: copy this directory and adapt it.\n"
                + "Create the namespace first: kubectl create namespace NAME"
        )
        overlay.set("resources", ["../../base"])
        let images = Set(project.orderedServices.filter { $0.build != nil }.map(repository))
        let entries = images.sorted().map { image -> Node in
            ["name": .text(image), "newName": .text("registry.example.com/\(image)")]
        }
        overlay.set(
            "images",
            Node.list(entries).ifNotEmpty,
            comment: "The registry to which the built images are pushed."
        )
        return [
            Conversion.File(
                path: "base/kustomization.yaml",
                text: DocumentWriter.text(of: [base])
            ),
            Conversion.File(
                path: "overlays/example/kustomization.yaml",
                text: DocumentWriter.text(of: [.object(overlay)])
            ),
        ]
    }

    /// The name of a service's image without tag and digest.
    private func repository(_ service: Service) -> String {
        let image = service.image ?? project.defaultName(service.name)
        let name = image.prefix { $0 != "@" }
        let slash = name.lastIndex(of: "/") ?? name.startIndex
        guard let colon = name[slash...].lastIndex(of: ":") else { return String(name) }
        return String(name[..<colon])
    }
}
