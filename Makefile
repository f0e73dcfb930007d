# Everything that one does with a checkout. Python 3.11+, make and a network are enough; `make` alone explains.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
ARGS ?=
WORKERS ?= auto
# Tests start Python hundreds of times; an image that keeps no byte code would have each compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
LOCK := $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --default-index https://pypi.org/simple pyproject.toml

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: $(VENV)/.installed ## Install, make the demo database, serve it and print the address (ARGS='--port 8001')
	@$(BIN)/python hatch_build.py
	@$(BIN)/titian init --demo
	@exec $(BIN)/titian serve --demo $(ARGS)

.PHONY: test
test: $(VENV)/.installed-dev ## Run every test, in a browser and on both databases too (ARGS='tests/unit -k feel')
	@$(BIN)/python hatch_build.py
	@$(BIN)/python -m tests.support.chromium
	@$(BIN)/python -m tests.support.feelin
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

N ?= 20000
SEED ?=
.PHONY: property
property: $(VENV)/.installed-dev ## Run the tests that make up their own cases for long (N=20000: random models; SEED=...)
	@$(BIN)/python hatch_build.py
	@$(BIN)/python -m tests.support.feelin
	@test $(N) -ge 1
	@TITIAN_SEED=$(or $(SEED),$$($(BIN)/python -c 'import secrets; print(secrets.randbelow(2**31))')) TITIAN_MODELS=$(N) TITIAN_EXAMPLES=$$(($(N) / 8 + 100)) \
		TITIAN_REQUESTS=$$(($(N) / 4 + 1)) TITIAN_WALKS=$$(($(N) / 10 + 1)) TITIAN_HOST_WALKS=$$(($(N) / 100 + 1)) TITIAN_GRAPHS=$$(($(N) / 4 + 1)) \
		TITIAN_EXPRESSIONS=$$(($(N) + 4)) TITIAN_TEXTS=$$(($(N) * 5 + 10)) TITIAN_HISTORIES=$$(($(N) / 100 + 12)) \
		$(BIN)/python -m pytest -n $(WORKERS) -m property --hypothesis-profile=long $(ARGS)

.PHONY: fuzz
fuzz: $(VENV)/.installed-dev ## Send the API and the uploads what nobody sends, for long (N=20000 each; SEED=...)
	@$(BIN)/python hatch_build.py
	@test $(N) -ge 1
	@TITIAN_SEED=$(or $(SEED),$$($(BIN)/python -c 'import secrets; print(secrets.randbelow(2**31))')) TITIAN_CALLS=$(N) TITIAN_UPLOADS=$(N) \
		$(BIN)/python -m pytest -n $(WORKERS) tests/property/test_api_document.py tests/property/test_uploads.py $(ARGS)

.PHONY: tck
tck: $(VENV)/.installed-dev ## Run the DMN Technology Compatibility Kit (TCK=path to TestCases)
	@test -n "$(TCK)" || { echo "make tck TCK=path: the folder that holds compliance-level-2 and compliance-level-3" >&2; exit 2; }
	@$(BIN)/python -m tests.tck $(TCK) $(ARGS)

.PHONY: bench
bench: $(VENV)/.installed-dev ## Measure what a step costs against a floor, as tables (ARGS='http --cases 100 --sqlite', ARGS=feel)
	@$(BIN)/python hatch_build.py
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: crash
crash: N := 2000
crash: $(VENV)/.installed-dev ## Kill servers and workers, tear logs and race, many times (N=2000)
	@TITIAN_CRASHES=$(N) TITIAN_TORN=$(N) TITIAN_RACES=$(N) TITIAN_WORKER_KILLS=$$(($(N) / 10)) \
		$(BIN)/python -m pytest tests/crash tests/integration/engine/test_dispatchers.py \
		tests/integration/engine/test_races.py tests/integration/web/test_races.py $(ARGS)

.PHONY: check
check: $(VENV)/.installed-dev ## Look at the code: style, types, direction of imports, catalogues
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/unit/webapp/test_translations.py

.PHONY: audit
audit: $(VENV)/.installed-dev ## Hold the locked packages to the lists of known vulnerabilities (ARGS=--unless-unreachable)
	@$(BIN)/python -m tests.support.advisories $(ARGS)

.PHONY: lock
lock: $(VENV)/.installed-dev ## Write the lock files anew from pyproject.toml (ARGS=--upgrade for newer releases)
	@$(LOCK) $(ARGS) --extra build --output-file requirements.lock
	@$(LOCK) $(ARGS) --extra dev --output-file requirements-dev.lock

.PHONY: clean
clean: ## Remove what was built and installed; the data in var/ stays
	rm -rf $(VENV) webapp/static/dist webapp/frontend/node_modules build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing packages (once, a minute or two) ..."
	@$(PIP) install --quiet --require-hashes --requirement requirements.lock
	@echo "Building the pages ..."
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP) install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

# The first of these commands that is Python 3.11 or newer and can make environments.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python
$(VENV)/bin/python:
	@for python in $(PYTHON); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			"$$python" -c 'import ensurepip, venv' 2>/dev/null || \
				{ echo "$$python cannot make virtual environments: install its venv module (Debian: python3-venv)." >&2; exit 1; }; \
			exec "$$python" -m venv $(VENV); \
		fi; \
	done; \
	echo "Titian needs Python 3.11 or newer; none of these is: $(PYTHON). Name one: make PYTHON=/path/to/python3.12" >&2; exit 1
