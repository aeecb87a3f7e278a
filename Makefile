# `make` lists the targets; run `make test` before a commit.

program := .build/release/swiftcompose
example := examples/website-api-database
base    := debian:bookworm-slim
checks  := --explicit-target-dependency-import-check error
prefix  ?= /usr/local
# systemd refuses a socket whose group does not exist.
no-docker-group := $(shell getent group docker >/dev/null || echo "-e '/^SocketGroup=/d'")
sudo    := $(shell test "$$(id -u)" = 0 || echo sudo)

# Package names of Debian and Ubuntu; an ordinary user needs passt and uidmap.
packages := ca-certificates curl debian-archive-keyring libarchive-dev libnftables-dev \
	libseccomp-dev libyaml-dev mmdebstrap passt pkg-config uidmap
packages-test := busybox-static crun gcc docker-registry fish iproute2 nftables procps python3 \
	python3-venv skopeo systemd zsh zstd

# The test targets, the fastest first.
tests-values := YAML Notation ComposeFile Conversion Dockerfile OCI Addresses DNS TaskGraph \
	EngineAPI Swarm swiftcompose
tests-kernel := Linux Archive ImageStore Rootless Doctor ContainerRuntime ContainerNetwork \
	ImageBuilder Registry
# The end-to-end suites that are run as an ordinary user, too.
tests-rootless := Attach Convergence Copy Cut DryRun Existing Run Selection Sharing
space := $(subst ,, )
only = --filter '^($(subst $(space),|,$(strip $(1))))Tests\.'

.PHONY: help demo demo-down test lint build build-tests test-values test-kernel test-conformance \
	test-rootless test-end-to-end base-image dependencies dependencies-test install uninstall \
	completions clean

## help: list the targets
help:
	@sed -n 's/^## \([a-z-]*\): /  \1\t/p' $(MAKEFILE_LIST) | expand -t 22

## demo: install dependencies, build, and start the example on http://localhost:8080
demo: build base-image
	$(program) -f $(example)/compose.yaml up --detach --wait --build
	$(program) -f $(example)/compose.yaml ps
	@echo
	@echo "The website: http://localhost:8080    its API: http://localhost:4331/planets"
	@echo "To remove everything again: make demo-down"

## demo-down: stop the example and remove its containers, networks and data
demo-down:
	$(program) -f $(example)/compose.yaml down --volumes

## build: the release binary, .build/release/swiftcompose
build: dependencies
	swift build --configuration release --static-swift-stdlib --product swiftcompose $(checks)

## base-image: debian:bookworm-slim from the distribution's signed packages
base-image: build
	@test -n "$$($(program) image ls --quiet $(base))" \
		|| $(program) image bootstrap $(base)

## test: install the tests' dependencies, lint, build, and run all tests
test: dependencies-test
	$(MAKE) lint
	$(MAKE) build-tests
	$(MAKE) test-values
	$(MAKE) test-kernel
	$(MAKE) test-conformance
	$(MAKE) test-rootless
	$(MAKE) test-end-to-end

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks
	Tools/check-folders
	Tools/check-journeys

build-tests:
	swift build --build-tests $(checks)

test-values:
	swift test --skip-build --disable-xctest $(call only,$(tests-values))
	swift test --skip-build --disable-xctest --no-parallel $(call only,Orchestrator)

test-kernel:
	swift test --skip-build --disable-xctest $(call only,$(tests-kernel))

test-conformance:
	.ci/conformance .build/debug/swiftcompose

# Before the other end-to-end tests, since it makes /dev/net/tun accessible.
test-rootless:
	.ci/rootless .build/debug/swiftcompose swift test --skip-build --disable-xctest \
		--filter '^EndToEndTests\.EndToEnd/($(subst $(space),|,$(strip $(tests-rootless))))Tests/'

test-end-to-end:
	swift test --skip-build --disable-xctest $(call only,EndToEnd)

## dependencies: install the missing Debian packages for building and running
dependencies:
	@.ci/install-packages $(packages)
dependencies-test:
	@.ci/install-packages $(packages) $(packages-test)

## install: the binary and its shell completions, under prefix=/usr/local
install:
	$(sudo) install -D --strip $(program) $(DESTDIR)$(prefix)/bin/swiftcompose
	for unit in system/swiftcompose-api.socket system/swiftcompose-api.service \
		user/swiftcompose-api.socket user/swiftcompose-api.service; do \
		sed -e 's|@prefix@|$(prefix)|' $(no-docker-group) systemd/$$unit \
			| $(sudo) install -D --mode=644 /dev/stdin \
				$(DESTDIR)$(prefix)/lib/systemd/$$unit || exit 1; \
	done
	$(sudo) $(MAKE) completions

## uninstall: remove the binary and its completions; containers, images and volumes stay
uninstall:
	$(sudo) rm -f $(DESTDIR)$(prefix)/bin/swiftcompose \
		$(DESTDIR)$(prefix)/share/bash-completion/completions/swiftcompose \
		$(DESTDIR)$(prefix)/lib/systemd/*/swiftcompose-api.socket \
		$(DESTDIR)$(prefix)/lib/systemd/*/swiftcompose-api.service \
		$(DESTDIR)$(prefix)/share/zsh/site-functions/_swiftcompose \
		$(DESTDIR)$(prefix)/share/fish/vendor_completions.d/swiftcompose.fish

## completions: install shell completions for bash, zsh and fish
completions:
	$(program) completion bash | install -D --mode=644 /dev/stdin \
		$(DESTDIR)$(prefix)/share/bash-completion/completions/swiftcompose
	$(program) completion zsh | install -D --mode=644 /dev/stdin \
		$(DESTDIR)$(prefix)/share/zsh/site-functions/_swiftcompose
	$(program) completion fish | install -D --mode=644 /dev/stdin \
		$(DESTDIR)$(prefix)/share/fish/vendor_completions.d/swiftcompose.fish

clean:
	rm -rf .build
