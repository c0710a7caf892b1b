# Everything a fresh machine needs: Python 3.11 or newer, and make.
#   make demo        environment, weights, sample calls, transcripts, scores, workbook and charts
#   make test        the whole test suite, linters and types
#   make lab         JupyterLab at notebooks/, on the demo or on WORKSPACE=folder
#   make wheelhouse  every wheel into wheelhouse/, for a machine without internet
#   make demo WHEELHOUSE=wheelhouse   installs from that folder and from nowhere else

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
VENV ?= .venv
DEMO ?= demo
WORKSPACE ?= $(DEMO)
WHEELHOUSE ?=
BIN := $(VENV)/bin
PIP_SOURCE := $(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE),)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_SOURCE) -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo lab test test-fast lint wheelhouse clean

help:
	@sed -n 's/^#   //p' Makefile

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found. Install it, or call make PYTHON=/path/to/python3."; exit 2; }
	$(PYTHON) -m venv $(VENV)

# setuptools first: openai-whisper comes as source, and its build must not fetch a build environment of its own.
$(VENV)/.demo-installed: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) "setuptools>=77"
	$(INSTALL) torch
	$(INSTALL) --no-build-isolation -e ".[weights]"
	@touch $@

$(VENV)/.dev-installed: $(VENV)/.demo-installed
	$(INSTALL) --no-build-isolation -e ".[weights,dev]"
	@touch $@

demo: $(VENV)/.demo-installed
	@$(BIN)/python -m qa_audit.demo $(DEMO)

lab: $(VENV)/.demo-installed
	$(BIN)/qa-audit lab --workspace $(WORKSPACE)

lint: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright

test: lint
	$(BIN)/python -m pytest -q

test-fast: $(VENV)/.dev-installed
	$(BIN)/python -m pytest -q -m "not slow"

wheelhouse: | $(BIN)/python
	rm -rf build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check -c constraints.txt -w $(or $(WHEELHOUSE),wheelhouse) \
		"setuptools>=77" torch
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check -c constraints.txt -w $(or $(WHEELHOUSE),wheelhouse) \
		--find-links $(or $(WHEELHOUSE),wheelhouse) ".[weights,dev]"

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info
