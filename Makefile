# The front door: `make` lists what can be done. Everything runs inside .venv, made from the locks.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help python install dev vendor pictures demo test soak lint audit sbom bench lock clean

# Compiled modules are kept: servers and workers of tests start again and again.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
EDITABLE := $(PIP) --no-deps --no-build-isolation --editable .
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	--python-version 3.11 pyproject.toml

# The first of these that is 3.11 or newer and can make environments; `make PYTHON=…` overrides.
PYTHON ?= $(shell for candidate in python3.13 python3.12 python3.11 python3; do \
	if $$candidate -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1; then echo $$candidate; break; fi; done)

define NO_PYTHON
make: no Python 3.11 or newer that can make environments was found.
  Debian, Ubuntu:  apt-get install python3 python3-venv
  Fedora:          dnf install python3
  macOS:           brew install python@3.13
Or name one: make install PYTHON=/path/to/python3
endef
export NO_PYTHON

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

python: ## print the Python that environments are made of
	@echo $(PYTHON)

install: .venv/installed .venv/vendored ## create .venv with what the platform needs; the command is .venv/bin/jicai

dev: .venv/installed-dev .venv/vendored ## the same with the tools for tests and checks

vendor: .venv/vendored ## fill static/vendor with the scripts that pages take from npm

pictures: dev ## take the pictures of the help pages anew
	JICAI_PICTURES=ship $(BIN)/pytest -q tests/browser/test_pages_of_roles.py -k picture

demo: install ## run a real round end to end in an embedded database
	$(BIN)/jicai demo

# The last line printed is pytest's own summary, so that it can be read from the end of a log.
test: dev ## run every test on all cores; SQLite and PostgreSQL
	@.ci/postgresql
	@.ci/browser
	$(BIN)/pytest --numprocesses=logical --maxprocesses=4 --dist=worksteal

# Other points each time; `make soak SEED=…` repeats those of a run that failed.
soak: SEED := $(shell date +%s)
soak: ROUNDS := 10000
soak: dev ## 100 kills; 10,000 simulated rounds; journeys on both; a million events in the books
	@.ci/postgresql
	@.ci/browser
	JICAI_CRASH_SEED=$(SEED) JICAI_CRASH_POINTS=100 JICAI_JOURNEYS=all $(BIN)/pytest tests/crash tests/journeys
	JICAI_SIMULATION_ROUNDS=$(ROUNDS) $(BIN)/pytest --numprocesses=logical tests/simulation
	JICAI_LEDGER_EVENTS=1000000 JICAI_DATABASE_EVENTS=30000 $(BIN)/pytest tests/procurement/payments \
		tests/procurement/orders -k 'conserves or accepted_open_or_cancelled'

lint: dev ## check style, types, imports and the rules of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/house_rules.py

audit: dev ## look the locked packages up among known faults; says so where that cannot be asked
	@$(BIN)/python .ci/audit requirements.lock requirements-dev.lock

sbom: dev ## write the inventory of all components (CycloneDX) to build/sbom.json
	@mkdir -p build
	$(BIN)/python .ci/sbom > build/sbom.json

bench: dev ## measure speed against the published figures
	$(BIN)/python -m benchmarks

# Needs `uv` (pip install uv). Without headers and index the locks name no host, so that they hold
# wherever packages are mirrored. The second lock repeats the versions of the first.
lock: ## resolve the dependencies again into requirements.lock and requirements-dev.lock
	$(COMPILE) --upgrade --group install --output-file requirements.lock
	$(COMPILE) --upgrade --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	$(subst pyproject.toml,,$(COMPILE)) --upgrade --group node --output-file requirements-node.lock
	$(subst pyproject.toml,,$(COMPILE)) --upgrade --group spark --output-file requirements-spark.lock

clean: ## remove the environment and all caches, but no data
	rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp, since an interrupted `venv` leaves a folder behind that looks complete.
.venv/created:
	@test -n "$(PYTHON)" || { echo "$$NO_PYTHON" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/installed: .venv/created requirements.lock pyproject.toml
	$(PIP) --require-hashes --requirement requirements.lock
	$(EDITABLE)
	@touch $@

.venv/installed-dev: .venv/created requirements-dev.lock pyproject.toml
	$(PIP) --require-hashes --requirement requirements-dev.lock
	$(EDITABLE)
	@touch $@ .venv/installed

.venv/vendored: .venv/created .ci/vendor package.json package-lock.json static/vendor.sha256
	$(BIN)/python .ci/vendor
	@touch $@
