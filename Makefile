# `make run` is all a newcomer needs: it installs, migrates, loads the sample and starts everything.

PYTHON ?= python3
PORT ?= 8000
INSTANCE ?= instance

# How many tests run at once; `make test TESTS="tests/letters -k confirm" JOBS=0` runs a few, one by one.
JOBS ?= 2
TESTS ?= tests

VENV := .venv/bin
TYPED := campaign worker config.py start.py tests bench

.DEFAULT_GOAL := help
.PHONY: help run dev test check bench lock messages clean

help:
	@echo 'make run [PORT=8000] [INSTANCE=instance]  install what is missing and start the platform'
	@echo 'make test [TESTS=tests] [JOBS=2]          the whole test suite'
	@echo 'make check                                style, types, import contracts, templates, migrations'
	@echo 'make bench                                the benchmarks, each a ratio to a limit'
	@echo 'make lock                                 lock the dependencies of pyproject.toml anew'
	@echo 'make messages                             collect the texts that await translation'
	@echo 'make clean                                remove .venv and what the tools left behind'

run:
	@exec $(PYTHON) start.py run --port '$(PORT)' --instance '$(INSTANCE)'

# Does nothing when .venv already holds the locked packages.
dev:
	@$(PYTHON) start.py install --dev

test: dev
	$(VENV)/python -m pytest -n $(JOBS) --dist loadfile $(TESTS)

check: dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy $(TYPED)
	$(VENV)/lint-imports --no-logo
	$(VENV)/djlint --lint --quiet templates
	$(VENV)/python -m pytest -q tests/system/test_migrations.py

bench: dev
	$(VENV)/python -m bench

# The locks carry no address of a registry: --no-emit-index-url. uv only compiles; pip installs.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --output-file requirements.lock
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	rm -rf .venv-lock

messages: dev
	$(VENV)/python -m campaign messages

# Leaves the instance folder alone: it holds a database and its keys.
clean:
	rm -rf .venv .venv-lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
