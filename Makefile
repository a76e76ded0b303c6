# The two commands of the README are `make demo` and `make test`; CONTRIBUTING.md lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:

SWIFT := swift
BUILD := $(SWIFT) build -c release --explicit-target-dependency-import-check error
# Built first, by the same flags as the programs: swift test by itself would build everything a second time.
TEST := $(SWIFT) test -c release --skip-build --disable-xctest
# Three groups, one after the other: beside tests that load every core, tests of live servers run out of time. Of those, eight
# at a time: a hundred servers with their clients in one process at once measure the machine, not the server.
LIVE := LedgerServerTests|MQTTTests|EdgeIntakeTests|ReadingStreamTests|SmartCityTests|SupplyChainAppTests|WordsTests
HEAVY := KillTests|FaultTests|ByteTests|DisagreementTests|SurroundingsTests|SeamTests|FuzzTests|FiveG|FoldedTests|DemoTests|SupplyChainTests|CopyrightTests|InvoicesTests|MediaDecodeTests|MediaHashTests|MediaAudioTests
BIN := .build/release
PACKAGES := libsqlite3-dev libssl-dev openssl libxml2-dev pkg-config libmosquitto-dev mosquitto libpng-dev libturbojpeg0-dev libwebp-dev libchromaprint-dev libsndfile1-dev libqrencode-dev
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: demo test build packages lint format check-openapi bench bench-peers bench-copyright bench-supplychain fuzz clean

demo: build
	$(BIN)/traceability demo
	$(BIN)/smartcity demo $(CITY)
	$(BIN)/supplychain demo
	$(BIN)/copyright demo

test: packages
	$(BUILD) --build-tests
	$(TEST) --skip "$(LIVE)|$(HEAVY)"
	SWIFT_BACKTRACE=enable=yes,color=no,interactive=no $(TEST) --filter "$(LIVE)" --skip "$(HEAVY)" --experimental-maximum-parallelization-width 8
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

# Checks the server of supply-chain finance against its OpenAPI document; needs Python 3 and, the first time, PyPI.
check-openapi: build
	Tests/OpenAPI/check.sh $(abspath $(BIN)) $(abspath .build/schemathesis) $(EXAMPLES)

bench: build
	$(BIN)/traceability bench $(BENCH)

# The measurements beside what others use for the same.
bench-peers: bench-copyright bench-supplychain

# Commands of supply-chain finance beside PostgreSQL 15 doing the same postings, in a cluster of its own.
bench-supplychain: build
	dpkg-query -W -f='$${Status}' postgresql-15 2>/dev/null | grep -q 'install ok installed' || $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 postgresql-15
	$(BIN)/supplychain bench --postgres $(BENCH)

# The copyright measurements beside pdqhash, FAISS and ImageHash on the same pictures, codes and queries. Sets up a Python
# environment of its own; PEERS may hold options of copyright bench, for example PEERS="--codes 1000000".
bench-copyright: build
	test -x .build/peers/venv/bin/python || python3 -m venv .build/peers/venv
	.build/peers/venv/bin/pip install -q --disable-pip-version-check pdqhash faiss-cpu ImageHash Pillow numpy
	folder=$$(mktemp -d)
	trap 'rm -rf "$$folder"' EXIT
	$(BIN)/copyright bench $(PEERS) --exchange "$$folder" --json > "$$folder/results.json"
	.build/peers/venv/bin/python Tests/Peers/copyright_peers.py "$$folder" "$$folder/results.json"

# A million mutated inputs to every reader of outside bytes.
fuzz: packages
	$(BUILD) --build-tests
	TALLYSTICK_FUZZ_ROUNDS=1000000 $(TEST) --filter Fuzz

clean:
	rm -rf .build
