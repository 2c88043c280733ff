# Each target installs what it needs into .venv and changes nothing else on the machine.
#   make run TARGET=staging ARGS="-k cashback"     TARGET: a name in targets/ or a path; ARGS: anything pytest takes
#   make run PYTHON=python3.13                      the Python that makes .venv (default: python3)
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet --require-hashes
TARGET ?=
ARGS ?=
MINUTES ?= 60

.PHONY: run test report lint steps sandbox bench prove smoke mutate soak lock clean

run: .venv/.run
	@$(BIN)/python -m harness.run $(if $(TARGET),--target=$(TARGET)) $(ARGS)

test: .venv/.dev lint
	@$(BIN)/python -m pytest tests -q $(ARGS)
	@$(BIN)/python -m pytest features -q

report: .venv/.run
	@$(BIN)/python -m harness.report

lint: .venv/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary

steps: .venv/.run
	@$(BIN)/python -m harness.gherkin.sentences

sandbox: .venv/.run
	@$(BIN)/python -m sandbox --port 8080 $(ARGS)

bench: .venv/.run
	@$(BIN)/python -m benchmarks $(ARGS)

prove: .venv/.run
	@$(BIN)/python -m proof $(ARGS)

smoke: .venv/.run
	@$(BIN)/python -m proof.smoke $(ARGS)

mutate: .venv/.mutate
	@$(BIN)/python -m proof.mutation $(ARGS)

soak: .venv/.run
	@$(BIN)/python -m proof.soak --minutes $(MINUTES) $(ARGS)

# The locks are compiled by uv, which is in .venv only for this.
lock: .venv/.python
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	@for name in requirements requirements-dev requirements-node requirements-mutate; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt || exit 1; done

clean:
	@rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find reports -mindepth 1 ! -name allurerc.mjs -delete

.venv/.python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + "; name another with: make PYTHON=python3.x")' || exit 1; \
	echo "making .venv with $$("$(PYTHON)" --version)"; \
	"$(PYTHON)" -m venv .venv || { echo "$(PYTHON) -m venv failed: the machine needs Python with venv (Debian: apt-get install python3-venv)" >&2; rm -rf .venv; exit 1; }
	@touch $@

.venv/.run: .venv/.python requirements.txt
	@echo "installing what a run needs into .venv"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	@echo "installing what the suite's own tests need into .venv"
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@

.venv/.mutate: .venv/.run requirements-mutate.txt
	@echo "installing what mutation testing needs into .venv"
	@$(PIP) -r requirements.txt -r requirements-mutate.txt
	@touch $@
