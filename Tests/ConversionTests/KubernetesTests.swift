import ComposeFile
import Testing
import YAML

@testable import Conversion

struct KubernetesTests {
    @Test func `a service with a published port becomes a Deployment and two Services`() throws {
        let conversion = try Fixture.kubernetes(
            """
            services:
              web:
                image: nginx:1.29
                ports: ['8080:80']
            """
        )
        #expect(
            conversion.text("base/service-web.yaml") == """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: web
                  labels:
                    app.kubernetes.io/name: web
                    app.kubernetes.io/part-of: demo
                    app.kubernetes.io/managed-by: swiftcompose
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app.kubernetes.io/name: web
                  template:
                    metadata:
                      labels:
                        app.kubernetes.io/name: web
                        app.kubernetes.io/part-of: demo
                        app.kubernetes.io/managed-by: swiftcompose
                        network.swiftcompose/default: "true"
                    spec:
                      automountServiceAccountToken: false
                      # Without variables such as WEB_PORT, which Compose does not set either.
                      enableServiceLinks: false
                      restartPolicy: Always
                      securityContext:
                        seccompProfile:
                          type: RuntimeDefault
                      containers:
                      - name: web
                        image: nginx:1.29
                        ports:
                        - containerPort: 80
                          protocol: TCP
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  labels:
                    app.kubernetes.io/name: web
                    app.kubernetes.io/part-of: demo
                    app.kubernetes.io/managed-by: swiftcompose
                spec:
                  selector:
                    app.kubernetes.io/name: web
                  ports:
                  - name: tcp-80
                    port: 80
                    targetPort: 80
                    protocol: TCP
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: web-published
                  labels:
                    app.kubernetes.io/name: web
                    app.kubernetes.io/part-of: demo
                    app.kubernetes.io/managed-by: swiftcompose
                spec:
                  # Set 'x-kubernetes.publish' to NodePort or none for another type.
                  type: LoadBalancer
                  selector:
                    app.kubernetes.io/name: web
                  ports:
                  - name: tcp-8080
                    port: 8080
                    targetPort: 80
                    protocol: TCP
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: web-published
                  labels:
                    app.kubernetes.io/name: web
                    app.kubernetes.io/part-of: demo
                    app.kubernetes.io/managed-by: swiftcompose
                spec:
                  podSelector:
                    matchLabels:
                      app.kubernetes.io/name: web
                  policyTypes:
                  - Ingress
                  ingress:
                  - ports:
                    - port: 80
                      protocol: TCP

                """
        )
    }

    @Test(arguments: [
        ("volumes: ['data:/d']", "StatefulSet"), ("deploy: {mode: global}", "DaemonSet"),
        ("restart: 'no'", "Job"), ("restart: on-failure", "Job"),
        ("{restart: on-failure, ports: ['80']}", "Deployment"),
        ("{volumes: ['data:/d'], deploy: {replicas: 2}}", "Deployment"),
        ("{restart: 'no', x-kubernetes: {kind: Deployment}}", "Deployment"),
    ])
    func `the kind of workload follows from the attributes`(
        attributes: String,
        kind: String
    ) throws {
        let conversion = try Fixture.project([
            "a.yaml": "services: {a: {image: a}}\nvolumes: {data: }",
            "b.yaml":
                "services: {a: \(attributes.hasPrefix("{") ? attributes : "{\(attributes)}")}",
        ])
        let result = try KubernetesConverter.convert(conversion, files: Fixture.files())
        #expect(result.text("base/service-a.yaml").contains("kind: \(kind)\n"))
    }

    @Test func `a service waits for a healthy one and for a Job`() throws {
        let conversion = try Fixture.kubernetes(
            """
            services:
              web:
                image: web
                depends_on:
                  db: {condition: service_healthy}
                  migrate: {condition: service_completed_successfully}
              db: {image: db, expose: ['5432'], healthcheck: {test: ready}}
              migrate: {image: migrate}
            """
        )
        let text = conversion.text("base/service-web.yaml")
        #expect(text.contains("until nc -z -w 2 db 5432; do sleep 1; done"))
        #expect(text.contains("- job/migrate"))
        #expect(text.contains("serviceAccountName: demo-wait"))
        #expect(conversion.text("base/waiting.yaml").contains("kind: RoleBinding"))
        #expect(conversion.text("base/service-migrate.yaml").contains("kind: Job"))
    }

    @Test func `confidential variables and secrets are in files for the owner only`() throws {
        let conversion = try Fixture.kubernetes(
            """
            services:
              db:
                image: db
                environment: {DB_PASSWORD: 'pa$$ss', DB_PASSWORD_FILE: /f, SIZE: 3}
                secrets: [token]
            secrets: {token: {file: ./sec}}
            """
        )
        for file in conversion.files {
            let isConfidential = conversion.text(file.path).contains("kind: Secret\n")
            #expect(file.isSecret == isConfidential, "\(file.path)")
        }
        let text = conversion.text("base/secret-db-env.yaml")
        #expect(text.contains("DB_PASSWORD: pa$ss"))
        #expect(conversion.text("base/secrets.yaml").contains("token: c2VjcmV0Cg=="))
        #expect(conversion.text("base/service-db.yaml").contains("DB_PASSWORD_FILE"))
    }

    @Test func `the kubelet expands nothing in commands and variables`() throws {
        let conversion = try Fixture.kubernetes(
            """
            services:
              a:
                image: a
                command: ['echo', '$$(HOSTNAME) $$HOME']
                environment: {A: '$$(B)', C: '$$D'}
            """
        )
        let text = conversion.text("base/service-a.yaml")
        #expect(text.contains("- $$(HOSTNAME) $$HOME\n"))
        #expect(text.contains("value: $$(B)\n"))
        #expect(text.contains("value: $D\n"))
    }

    @Test func `a secret of more than 500 KiB is rejected at its location`() throws {
        let project = try Fixture.project([
            "compose.yaml": "services: {a: {image: a, secrets: [s]}}\nsecrets: {s: {file: ./big}}"
        ])
        let big = ["/work/big": [UInt8](repeating: 65, count: 500 * 1024 + 1)]
        let error = #expect(throws: ConversionError.self) {
            try KubernetesConverter.convert(project, files: Fixture.files(big))
        }
        #expect(error?.location?.line == 2)
        #expect(error?.description.contains("secret 's' has 500 KiB") == true)
    }

    @Test func `a long name is shortened with a hash and reported`() throws {
        let long = String(repeating: "service", count: 10)
        let conversion = try Fixture.kubernetes("services: {\(long): {image: a}, A_b: {image: a}}")
        let name = ResourceName.label(long)
        #expect(name.count == 63)
        #expect(conversion.text("base/service-\(name).yaml").contains("name: \(name)\n"))
        #expect(conversion.outcome("services.\(long)")?.detail.contains(name) == true)
        #expect(conversion.outcome("services.A_b")?.detail.contains("'a-b'") == true)
    }

    @Test func `services whose names become equal get different names`() throws {
        let conversion = try Fixture.kubernetes(
            "services: {a-b: {image: a}, a_b: {image: b}, A_b: {image: c}}"
        )
        let services = conversion.files.filter { $0.path.hasPrefix("base/service-") }
        #expect(services.count == 3)
        #expect(conversion.text("base/service-a-b.yaml").contains("image: a\n"))
    }

    @Test func `an internal network has no way out but the name service`() throws {
        let conversion = try Fixture.kubernetes(
            """
            services:
              web: {image: a, networks: [front, back]}
              db: {image: b, networks: [back]}
            networks: {front: , back: {internal: true}}
            """
        )
        let text = conversion.text("base/networks.yaml")
        #expect(text.contains("name: network-back"))
        #expect(text.contains("k8s-app: kube-dns"))
        #expect(text.contains("egress:\n  - {}\n"))
    }

    @Test func `a file of the project is copied and a directory is reported`() throws {
        let conversion = try Fixture.kubernetes(
            """
            services:
              web:
                image: a
                volumes: ['./site.conf:/etc/site.conf', './src:/src', '/etc/hosts:/h:ro']
            """
        )
        #expect(conversion.text("base/configs.yaml").contains("server {}"))
        #expect(conversion.outcome("services.web.volumes[1]")?.title == "no counterpart")
        #expect(conversion.text("base/service-web.yaml").contains("path: /etc/hosts"))
        #expect(!conversion.text("base/service-web.yaml").contains("/src"))
    }

    @Test func `settings of x-kubernetes add an Ingress and an autoscaler`() throws {
        let conversion = try Fixture.kubernetes(
            """
            services:
              web:
                image: a
                ports: ['80:80']
                x-kubernetes:
                  publish: none
                  ingress: {host: www.example.com, class: nginx, tls: www}
                  autoscale: {min: 2, max: 5, cpu: 70}
            """
        )
        let text = conversion.text("base/service-web.yaml")
        for expected in [
            "kind: Ingress", "host: www.example.com", "secretName: www", "maxReplicas: 5",
            "averageUtilization: 70",
        ] {
            #expect(text.contains(expected))
        }
        #expect(!text.contains("LoadBalancer"))
        #expect(!text.contains("replicas: 1\n"))
    }

    @Test(arguments: [
        ("{publih: none}", "unknown key 'x-kubernetes.publih'"),
        ("{publish: maybe}", "invalid value 'maybe' of 'x-kubernetes.publish'"),
        ("{autoscale: {min: 3, max: 2}}", "invalid value '2'"),
        ("[a]", "use a mapping"),
    ])
    func `an invalid setting of x-kubernetes is rejected`(value: String, reason: String) throws {
        let error = #expect(throws: ConversionError.self) {
            try Fixture.kubernetes("services: {a: {image: a, x-kubernetes: \(value)}}")
        }
        #expect(error?.description.hasPrefix("compose.yaml:1:") == true)
        #expect(error?.description.contains(reason) == true)
    }

    @Test func `the same project gives the same files`() throws {
        let text = """
            services:
              a: {image: a, environment: {B: 1, A: 2, C: 3}, labels: {z: 1, y: 2}, expose: ['2', '1']}
              b: {image: b, ulimits: {nofile: 1, nproc: 2}, sysctls: {a.b: 1, a.a: 2}}
            """
        #expect(try Fixture.kubernetes(text) == Fixture.kubernetes(text))
    }

    @Test func `the report counts attributes and names locations`() throws {
        let report = try Fixture.kubernetes("services:\n  a:\n    image: a\n    cpuset: '0'\n")
            .report
        #expect("\(report)".contains("compose.yaml:4:5"))
        #expect("\(report)".hasSuffix("1 without counterpart"))
    }

    @Test(arguments: [
        ("node.labels.zone == a", true), ("node.labels.zone!=a", true),
        ("node.role == worker", true), ("node.id == x", false), ("nonsense", false),
    ])
    func `constraints on nodes become requirements or are reported`(
        constraint: String,
        isKnown: Bool
    ) {
        #expect((KubernetesConverter.requirement(constraint) != nil) == isKnown)
    }

    @Test(arguments: [0, 1, 2, 3, 4])
    func `bytes are encoded in base64 with padding`(count: Int) {
        let expected = ["", "QQ==", "QUI=", "QUJD", "QUJDRA=="]
        #expect(Base64.encode(Array("ABCD".utf8.prefix(count))) == expected[count])
    }
}
