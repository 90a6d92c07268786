# The front door of the project: `make` lists what it can do.

PREFIX ?= /usr/local
SYSCONFDIR ?= $(PREFIX)/etc
DESTDIR ?=
PORT ?= 3000

BUILD_FLAGS = --explicit-target-dependency-import-check error
# Exclusivity is proved by the compiler where it can be; its checks at run time cost the proxy's hot path.
RELEASE_FLAGS = $(BUILD_FLAGS) -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked
# One test after the other: many of them run processes and wait for them, and on a small machine side by side they would
# measure each other.
TEST_FLAGS = $(BUILD_FLAGS) --disable-xctest --no-parallel

PROGRAMS = samovar samovar-proxy samovar-host
SHELLS = bash zsh fish

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: bootstrap
bootstrap: ## Install what is missing on this machine, by apt-get.
	@scripts/bootstrap

.PHONY: run
run: bootstrap ## Build, then serve config/example on PORT (3000) until Ctrl-C.
	swift build $(BUILD_FLAGS)
	@cd config/example && exec ../../.build/debug/samovar start-api --env-vars env.json --port $(PORT)

.PHONY: test
test: bootstrap ## Run all the tests.
	@scripts/test-bootstraps
	swift test $(TEST_FLAGS)

.PHONY: lint
lint: ## Check format, lengths, scripts and manual pages.
	@scripts/lint

.PHONY: check
check: lint test ## Run lint and the tests, as continuous integration does.

.PHONY: fuzz
fuzz: bootstrap ## Fuzz the compiler for ten minutes.
	@Fuzzing/run

.PHONY: acceptance
acceptance: bootstrap ## Hold proxy and host against a browser, AWS's clients and PyJWT (needs PyPI and chromium).
	swift build $(BUILD_FLAGS) --product samovar-proxy
	swift build $(BUILD_FLAGS) --product samovar-host
	@scripts/acceptance

.PHONY: build
build: bootstrap ## Build the three programs as they are installed.
	swift build $(RELEASE_FLAGS)

.PHONY: bench
bench: build ## Measure the proxy, the compiler and the host, each beside its peers.
	@Benchmarks/compile.py
	@Benchmarks/diff.py
	@Benchmarks/run
	@Benchmarks/host.py

.PHONY: man
man: ## Show that mandoc accepts every manual page.
	mandoc -T lint -W warning man/*

.PHONY: install
install: build ## Install programs, manual pages, completions and configuration under PREFIX (/usr/local).
	scripts/install --prefix "$(PREFIX)" --sysconfdir "$(SYSCONFDIR)" --destdir "$(DESTDIR)"

.PHONY: clean
clean: ## Remove everything that was built.
	rm -rf .build dist
