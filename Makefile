# The two commands of the README are `make demo` and `make test`; CONTRIBUTING.md lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:

SWIFT := swift
BUILD := $(SWIFT) build -c release --explicit-target-dependency-import-check error
# Built first, by the same flags as the programs: swift test by itself would build everything a second time.
TEST := $(SWIFT) test -c release --skip-build --disable-xctest
# Tests that load every core run by themselves: beside them, tests of live servers would run out of time.
HEAVY := KillTests|FaultTests|ByteTests|DisagreementTests|SurroundingsTests|SeamTests|FuzzTests|FiveG|FoldedTests|DemoTests|SupplyChainTests|CopyrightTests|InvoicesTests|MediaTests
BIN := .build/release
PACKAGES := libsqlite3-dev libssl-dev libxml2-dev pkg-config libmosquitto-dev mosquitto libpng-dev libturbojpeg0-dev libwebp-dev libchromaprint-dev libsndfile1-dev
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: demo test build lint format packages bench fuzz clean

demo: build
	$(BIN)/traceability demo
	$(BIN)/smartcity demo $(CITY)
	$(BIN)/supplychain demo
	$(BIN)/copyright demo

test: packages
	$(BUILD) --build-tests
	$(TEST) --skip "$(HEAVY)"
	$(TEST) --filter "$(HEAVY)"

build: packages
	$(BUILD)

# Installs the Debian packages that are missing; does nothing, and needs no rights, when all are there.
packages:
	@missing=""
	for p in $(PACKAGES); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done
	if [ -n "$$missing" ]; then
	  echo "Installing Debian packages:$$missing"
	  $(SUDO) apt-get update -qq -o DPkg::Lock::Timeout=300 || true
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 $$missing
	fi
	command -v $(SWIFT) >/dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install/linux"; exit 2; }

lint:
	$(SWIFT) format lint --strict --recursive --parallel Core Apps Tests Samples Package.swift

format:
	$(SWIFT) format --in-place --recursive --parallel Core Apps Tests Samples Package.swift

bench: build
	$(BIN)/traceability bench $(BENCH)

# A million mutated inputs to every reader of outside bytes.
fuzz: packages
	$(BUILD) --build-tests
	TALLYSTICK_FUZZ_ROUNDS=1000000 $(TEST) --filter Fuzz

clean:
	rm -rf .build
