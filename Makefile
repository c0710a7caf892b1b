# Everything a fresh machine needs: Python 3.11 or newer, and make.
#   make demo        environment, weights, sample calls, transcripts, scores, workbook and charts
#   make test        the whole test suite, linters and types
#   make test-faults kill -9 210 times, 35 in each of six steps; full disk, clock set back
#   make test-fuzz   5,000 mutated recordings and lists: a result or an error in words, no hang, memory bounded
#   make test-load   ten processes, 1,000 events each, on one workspace; latency
#   make test-ray    the extra [ray]: two models on a local Ray, some killed at work; results as without it
#   make test-postgres the same and all that the database does, on a PostgreSQL server made for it and deleted after
#   make lab         JupyterLab at notebooks/, on the demo or on WORKSPACE=folder
#   make bench-transcribe  speed and errors of transcription beside what people use (CALLS=folder with labels.json)
#   make bench-rubric      precision and recall of faults per item, and of the sentence detectors (CALLS=folder)
#   make bench-scoring     calls scored a second, beside a plain loop of regular expressions
#   make bench-masking personal data masked and missed, by kind
#   make bench-audit time of saving an inspector's action, and memory over 200 calls
#   make bench-estimates   coverage, bias and error of the monthly estimates in simulated departments
#   make bench-month seconds and memory of a month: figures, first look, estimates, workbook
#   make bench-ui    time to the next call shown and playing, to a verdict saved, and to the first look at a month
#   make js          the players' bundles in qa_audit/widgets/static/, from js/ (needs Node.js)
#   make bench-jobs  time of a run with nothing to do, and of `qa-audit status`
#   make wheelhouse  every wheel into wheelhouse/, for a machine without internet
#   make demo WHEELHOUSE=wheelhouse   installs from that folder and from nowhere else

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
VENV ?= .venv
DEMO ?= demo
WORKSPACE ?= $(DEMO)
WHEELHOUSE ?=
CALLS ?= benchmarks/calls
EVENTS ?= 1000
ON_POSTGRES := tests/audit tests/sampling tests/closing tests/retention tests/transcribe/test_job_table.py \
	tests/store/test_decision_rows.py tests/store/test_chain.py tests/calls/test_importing.py tests/calls/test_query.py \
	tests/calls/test_roster_changes.py \
	tests/months/test_sources.py tests/months/test_audited_figures.py
# What reads a closed month's files alone. Desks only put together what those folders test.
ON_POSTGRES += --ignore=tests/closing/test_recompute.py --ignore=tests/closing/test_filing.py
# Deleted words have a test of their own in tests/postgres; files are moved alike whatever keeps the journal.
ON_POSTGRES += --ignore=tests/closing/test_erased_words.py --ignore=tests/retention/test_place.py \
	--ignore=tests/retention/test_archive.py
BIN := $(VENV)/bin
# Each process on one core: with two threads each they would wait for one another. Files in the order of
# tests/conftest.py, the slow ones first: at the end one process would wait for the other's last.
SIDE_BY_SIDE := env OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
PIP_SOURCE := $(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE),)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_SOURCE) -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo lab test tests test-fast test-faults test-fuzz test-load test-ray test-postgres postgres-test lint bench-transcribe bench-rubric bench-scoring bench-masking bench-audit \
	bench-estimates bench-month bench-jobs bench-ui js wheelhouse clean

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

# With the extras whose code the tests run: the fast engine, the codecs (PyAV), PostgreSQL's driver, the
# model of sentence embeddings (91 MB).
$(VENV)/.dev-installed: $(VENV)/.demo-installed
	$(INSTALL) --no-build-isolation -e ".[weights,fast,codecs,postgres,semantic,dev]"
	@touch $@

# Ray is large (75 MB), and only those with several machines need it.
$(VENV)/.ray-installed: $(VENV)/.dev-installed
	$(INSTALL) --no-build-isolation -e ".[weights,fast,codecs,semantic,dev,ray]"
	@touch $@

$(VENV)/.bench-installed: $(VENV)/.dev-installed
	$(INSTALL) --no-build-isolation -e ".[weights,fast,codecs,postgres,semantic,dev,bench]"
	@touch $@

demo: $(VENV)/.demo-installed
	@$(BIN)/python -m qa_audit.demo $(DEMO)

lab: $(VENV)/.demo-installed
	$(BIN)/qa-audit lab --workspace $(WORKSPACE)

lint: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright

test: lint tests

# Side by side, a file's tests in one process; the browser alone, for what it shows in time is measured.
tests: $(VENV)/.dev-installed
	$(SIDE_BY_SIDE) -m "not postgres and not browser"
	$(BIN)/python -m pytest -q -m browser tests/browser

test-fast: $(VENV)/.dev-installed
	$(SIDE_BY_SIDE) -m "not slow and not browser and not postgres"

test-faults: $(VENV)/.dev-installed
	QA_AUDIT_FAULTS=35 $(BIN)/python -m pytest -q tests/faults

test-fuzz: $(VENV)/.dev-installed
	QA_AUDIT_FUZZ=5000 $(BIN)/python -m pytest -q tests/fuzz

test-load: $(VENV)/.dev-installed
	QA_AUDIT_LOAD=$(EVENTS) $(BIN)/python -m pytest -q -m "not postgres" tests/load

postgres-test: test-postgres

# Tests of what lies on the database, with it in place of SQLite (a server for each of two processes); then what was
# written for PostgreSQL, and faults.
test-postgres: $(VENV)/.dev-installed
	QA_AUDIT_TEST_ON=postgres $(SIDE_BY_SIDE) -m "not sqlite and not slow" $(ON_POSTGRES)
	QA_AUDIT_LOAD=$(EVENTS) $(SIDE_BY_SIDE) -m postgres tests/postgres tests/store tests/load

test-ray: $(VENV)/.ray-installed
	$(BIN)/python -m pytest -q -m ray tests/transcribe/test_ray_crew.py

# About an hour: every contender hears 40 calls, each channel alone.
bench-transcribe: $(VENV)/.bench-installed
	$(BIN)/python -m benchmarks.transcribe $(CALLS) --json benchmarks/transcribe.json \
		--plot docs/images/frontier.png --docs docs/transcription.md
	$(BIN)/python -m benchmarks.invented --engine openai-whisper --preset balanced
	$(BIN)/python -m benchmarks.invented --engine ctranslate2 --preset balanced
	$(BIN)/python -m benchmarks.speakers $(CALLS)
	$(BIN)/python -m benchmarks.workers $(CALLS)

bench-rubric: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.rubric recordings_sample --engine ctranslate2 --listen ctranslate2
	$(BIN)/python -m benchmarks.rubric $(CALLS) --engine ctranslate2 --listen ctranslate2
	$(BIN)/python -m benchmarks.detector --set benchmarks/wordings
	$(BIN)/python -m benchmarks.detector --set benchmarks/fresh_wordings

bench-scoring: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.scoring

bench-masking: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.masking

bench-audit: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.audit_events

# A few minutes on one core.
bench-estimates: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.estimates --json benchmarks/estimates.json --docs docs/estimation.md

bench-month: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.month

bench-jobs: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.idle_run
	$(BIN)/python -m benchmarks.status

bench-ui: $(VENV)/.dev-installed
	$(BIN)/python -m benchmarks.ui
	$(BIN)/python -m benchmarks.first_look

js: js/node_modules/.package-lock.json
	cd js && npm run --silent build

js/node_modules/.package-lock.json: js/package.json js/package-lock.json
	cd js && npm ci --ignore-scripts --no-audit --no-fund

wheelhouse: | $(BIN)/python
	rm -rf build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check -c constraints.txt -w $(or $(WHEELHOUSE),wheelhouse) \
		"setuptools>=77" torch
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check -c constraints.txt -w $(or $(WHEELHOUSE),wheelhouse) \
		--find-links $(or $(WHEELHOUSE),wheelhouse) ".[weights,fast,codecs,postgres,semantic,dev]"

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info
