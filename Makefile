# Every chore is one target. `make demo` and `make test` need only python3 (3.11 or later) and do their own set-up.

PYTHON ?= python3
VENV ?= .venv
BENCH_VENV ?= .venv-bench
BENCH ?=
DEMO_DATA ?= demo-data

BIN := $(VENV)/bin
CODE := src tests
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --upgrade --custom-compile-command 'make lock'
# pip's own setting of another package index also holds for uv, which does not read it.
INDEX = $$($(BIN)/python -m pip config get global.index-url 2>/dev/null)
INSTALL = UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$(INDEX)}}" \
	$(BIN)/uv pip install --quiet --compile-bytecode --python

.PHONY: help demo demo-check test lint types format openapi case-stages lock bench nightly clean
.DELETE_ON_ERROR:

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  \1\t/'

demo: $(VENV)/.run  ## start everything with invented people; Ctrl-C ends it, a second start keeps the data
	@$(BIN)/baoxue demo --data-dir $(DEMO_DATA)

demo-check: $(VENV)/.run  ## start the demonstration, sign in with each account, end it; prints the seconds
	@$(BIN)/python tools/demo_check.py

test: lint types $(VENV)/.dev  ## all checks: style, types, import order, tests with coverage
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

lint: $(VENV)/.dev  ## style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: $(VENV)/.dev  ## types
	@$(BIN)/mypy

format: $(VENV)/.dev  ## bring the code into form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

openapi: $(VENV)/.run  ## write the contract of the API down anew, to be seen in the difference
	@$(BIN)/python tools/write_openapi.py

case-stages: $(VENV)/.run  ## write the drawing and the tables of a case's stages anew
	@$(BIN)/python tools/write_case_stages.py

nightly: $(VENV)/.dev  ## the property tests with many more and other examples
	@HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -n 2

bench: $(VENV)/.run $(BENCH_VENV)/.bench  ## measure every figure (hours); BENCH='links --quick' for less
	@PYTHONPATH=src BENCH_PYTHON=$(BIN)/python $(BENCH_VENV)/bin/python -m bench $(BENCH)

lock: $(VENV)/.bootstrap  ## choose versions anew from pyproject.toml and write them down with their hashes
	@printf 'editables\nhatchling\nuv\n' | $(LOCK) --output-file requirements-bootstrap.txt -
	@$(LOCK) --output-file requirements.txt pyproject.toml
	@$(LOCK) --constraint requirements.txt --extra dev --output-file requirements-dev.txt pyproject.toml
	@$(LOCK) --constraint requirements.txt --extra bench --output-file requirements-bench.txt pyproject.toml

clean:  ## remove what was made here
	@rm -rf $(VENV) $(BENCH_VENV) $(DEMO_DATA) demo-out bench-out build dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Set-up: each stamp is as new as the list it was installed from.

$(VENV)/.bootstrap: requirements-bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo '需要 Python 3.11 或更新的版本 (Python 3.11 or later is needed); PYTHON=… make …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo '这个 Python 缺少 venv，请先安装，如 python3-venv (this Python has no venv module)' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.run: requirements.txt pyproject.toml $(VENV)/.bootstrap
	@$(INSTALL) $(BIN)/python --require-hashes -r $<
	@$(INSTALL) $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(INSTALL) $(BIN)/python --require-hashes -r $<
	@touch $@

# Splink and its pandas stand apart: libraries that find pandas load it, and what is measured would not be what people run.
$(BENCH_VENV)/.bench: requirements-bench.txt $(VENV)/.bootstrap
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(BENCH_VENV)
	@$(INSTALL) $(BENCH_VENV)/bin/python --require-hashes -r $<
	@touch $@
