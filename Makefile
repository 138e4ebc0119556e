# `make` alone lists the targets. Everything is set up below this folder; nothing else is touched.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv/bin/python
PYTEST := $(VENV) -m pytest
ONLY ?=
export CHECKPOINT_DISABLE := 1

.PHONY: help setup setup-python setup-release demo quick test test-full bench generate check floors release lock clean

help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup-python:
	@$(PYTHON) scripts/bootstrap.py python

setup: setup-python
	@$(PYTHON) scripts/bootstrap.py node

setup-release:
	@$(PYTHON) scripts/bootstrap.py release

demo: setup ## Set up, then deploy, drift, heal, guard and destroy a shop against the emulator
	@$(VENV) examples/ecommerce/demo.py

quick: setup-python ## Tests without external tools, under a minute
	@$(PYTEST) -q -n 2 -m "not terraform and not cdktf and not peers and not slow and not full"

test: setup setup-release ## Set up and run all tests but the long sweeps, with the real terraform and cdktf
	@$(PYTEST) -q -n 2

test-full: setup setup-release ## The long sweeps as well, terraform with the archive, the oldest dependencies
	@$(PYTEST) -q -n 2 -m "full or not full"
	@$(PYTEST) -q -n 2 --archive tests/terraform
	@$(MAKE) --no-print-directory floors

bench: setup setup-release ## Measure the figures against their floors; ONLY=client runs one group
	@$(VENV) -m tests.bench.run $(ONLY)

generate: setup-python ## Write the generated files anew
	@$(VENV) -m contract.generate
	@$(VENV) -m contract.generate_protocol
	@$(VENV) -m segform_cdktf.generate
	@$(VENV) scripts/reference.py
	@$(VENV) scripts/lint_page.py
	@cp contract/segment-public-api.json emulator/segform_emulator/contract.json
	@$(VENV) -m segform_emulator.coverage > docs/reference/emulator.md

check: setup-python ## Lint, types, floors of the house, generated files
	@$(VENV) scripts/check.py

floors: ## The quick tests on the oldest dependencies that are allowed
	@$(PYTHON) scripts/bootstrap.py python --floors
	@.venv-floors/bin/python -m pytest -q -n 2 --ignore=tests/peers -m "not terraform and not cdktf and not peers and not full"

release: setup-release ## Build the provider's self-contained archive, its sums, mirror and SBOM
	@.venv-release/bin/python scripts/release.py

lock: setup-python ## Pin the newest and the oldest dependencies that are allowed, anew
	@$(VENV) scripts/lock.py

clean: ## Remove what the other targets made
	@rm -rf .venv .venv-floors .venv-release .tools .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache dist build
