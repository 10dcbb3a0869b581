# make run | test | bench | lint. PYTHON names the interpreter that .venv is made with (3.11 or newer).
PYTHON ?= python3
VENV := .venv
WORKERS ?= 2
TESTS ?=

.PHONY: help run test bench lint environment test-environment

help:
	@echo "make run    the whole site at http://127.0.0.1:8000 (PORT, HOST, DAYLIGHT_DATA as you like)"
	@echo "make test   the whole test suite; needs nothing running"
	@echo "make bench  the benchmarks"
	@echo "make lint   ruff"

# The supervisor follows make, so that it stops with it however make ends.
run: environment
	@exec $(VENV)/bin/python -m deploy.supervisor --follow $$PPID

# TESTS chooses: make test TESTS=tests/registry/norms
test: test-environment
	@exec $(VENV)/bin/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder -rs $(TESTS)

bench: test-environment
	@exec $(VENV)/bin/python -m tests.bench

lint: test-environment
	@$(VENV)/bin/ruff check .

environment: $(VENV)/bin/python
	@$(VENV)/bin/python -c "" 2>/dev/null || { echo "Daylight: $(VENV) does not work any more (was it moved, or Python removed?): delete it and try again." >&2; exit 1; }
	@$(VENV)/bin/python -m deploy.install requirements.txt

test-environment: environment
	@$(VENV)/bin/python -m deploy.install tests/requirements.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { found=`$(PYTHON) --version 2>/dev/null | head -n 1`; echo "Daylight: needs Python 3.11 or newer, and $(PYTHON) is $${found:-missing}; name another: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making the Python environment $(VENV) …"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); echo "Daylight: '$(PYTHON) -m venv' does not work here; install your system's venv package (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
