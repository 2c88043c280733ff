# Each target installs what it needs into .venv and changes nothing else on the machine.
#   make run                  all scenarios against the embedded sandbox; the report is in reports/latest/
#   make run TARGET=staging ARGS="-k cashback"   TARGET: a name in targets/ or a path; ARGS: any options of pytest
#   make run PYTHON=python3.13   PYTHON: the Python that makes .venv
#   make doctor TARGET=staging   check what a run on this target needs, one line each
#   make test                 the suite's own tests, about five minutes
#   make lint                 format, rules, types and layers
#   make report               the HTML report of the latest run
#   make steps                all sentences that a scenario can use
#   make sandbox              start the sandbox with its Admin UI on port 8080
#   make bench                compare the speed with a plain loop of requests
#   make prove                every defect and every variant, about 20 minutes
#   make repeat               the scripts that repeat failures, on broken sandboxes and on the sound one
#   make classes              what the words of each clause cover, and what tries it
#   make smoke                the fewest scenarios that catch nine defects in ten, from the last make prove
#   make mutate               mutation testing of the sandbox; can be interrupted and resumed
#   make soak MINUTES=60      walks, races and hostile input on the sandbox for a long time
#   make lock                 resolve the versions in requirements/ again
#   make clean                remove .venv, caches and reports
#   make help                 this list
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet --require-hashes
TARGET ?=
ARGS ?=
MINUTES ?= 60

.PHONY: help run doctor test all-features report lint steps sandbox bench prove repeat classes smoke mutate soak lock clean

help:
	@sed -n 's/^#  *make /make /p' Makefile

run: .venv/.run
	@$(BIN)/python -m harness.run $(if $(TARGET),--target=$(TARGET)) $(ARGS)

doctor: $(if $(TARGET),.venv/.run)
	@$(if $(TARGET),,echo "make doctor needs TARGET, for example: make doctor TARGET=local (the files in targets/)"; exit 4)
	@$(BIN)/python -m harness.doctor --target=$(TARGET)

# The tests take two cores: half of the workers wait, on average. Lint and the features take one each.
test: .venv/.compatibility
	@$(BIN)/python -m pytest tests -q -n 4 --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)
	@$(MAKE) --no-print-directory --jobs 2 lint all-features

all-features: .venv/.run
	@$(BIN)/python -m pytest features -q

report: .venv/.run
	@$(BIN)/python -m harness.report

lint: .venv/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo > .venv/layers.txt || { cat .venv/layers.txt; exit 1; }
	@$(BIN)/mypy --no-error-summary

steps: .venv/.run
	@$(BIN)/python -m harness.gherkin.sentences

sandbox: .venv/.run
	@$(BIN)/python -m sandbox --port 8080 $(ARGS)

bench: .venv/.run
	@$(BIN)/python -m benchmarks $(ARGS)

prove: .venv/.run
	@$(BIN)/python -m proof $(ARGS)

repeat: .venv/.dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m proof.repeat $(ARGS)

classes: .venv/.run
	@$(BIN)/python -m proof.classes

smoke: .venv/.run
	@$(BIN)/python -m proof.smoke $(ARGS)

mutate: .venv/.mutate
	@$(BIN)/python -m proof.mutation $(ARGS)

soak: .venv/.run
	@$(BIN)/python -m proof.soak --minutes $(MINUTES) $(ARGS)

# uv resolves the versions and writes the hashes; it is installed only for this.
LOCK := $(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
lock: .venv/.python
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	@$(LOCK) pyproject.toml -o requirements/run.txt
	@$(LOCK) -c requirements/run.txt --group dev -o requirements/dev.txt
	@$(LOCK) -c requirements/run.txt --group mutate -o requirements/mutate.txt
	@$(LOCK) -c requirements/run.txt -c requirements/dev.txt --group compatibility -o requirements/compatibility.txt
	@$(LOCK) --group lowest -o requirements/lowest.txt
	@$(LOCK) --group node -o requirements/node.txt

clean:
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@git clean -fdXq reports

.venv/.python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + "; name another with: make PYTHON=python3.x")' || exit 1
	@echo "making .venv with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv .venv || { echo "$(PYTHON) -m venv failed: the machine needs Python with venv (Debian: apt-get install python3-venv)" >&2; rm -rf .venv; exit 1; }
	@touch $@

.venv/.run: .venv/.python requirements/run.txt
	@echo "installing what a run needs into .venv"
	@$(PIP) -r requirements/run.txt
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "installing what the suite's own tests need into .venv"
	@$(PIP) -r requirements/run.txt -r requirements/dev.txt
	@touch $@

# Beside .venv's own packages: the tests put these folders on PYTHONPATH.
.venv/.compatibility: .venv/.dev requirements/compatibility.txt requirements/lowest.txt
	@echo "installing other plugins and the lowest versions of pytest into .venv/compatibility and .venv/lowest"
	@rm -rf .venv/compatibility .venv/lowest
	@$(PIP) --no-deps --target .venv/compatibility -r requirements/compatibility.txt
	@$(PIP) --no-deps --target .venv/lowest -r requirements/lowest.txt
	@touch $@

.venv/.mutate: .venv/.run requirements/mutate.txt
	@echo "installing what mutation testing needs into .venv"
	@$(PIP) -r requirements/run.txt -r requirements/mutate.txt
	@touch $@
