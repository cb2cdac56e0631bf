# What a person types. `make help` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: help .venv .venv-dev run test check shots demo-reset

help: ## list these targets
	@grep -hE '^[.a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([^:]+):.*## */  make \1@/' | column -t -s@

.venv: ## install the program's environment, and no more
	@$(PYTHON) relman/launcher/venv.py

.venv-dev:
	@$(PYTHON) relman/launcher/venv.py --dev

run: .venv ## start Relman (PORT=8000, BIND=127.0.0.1, RELMAN_HOME=var, DEMO=0 for an empty workspace)
	@exec $(BIN)/python -m relman.launcher run

demo-reset: .venv ## put the demo workspace back as it was first built
	@exec $(BIN)/python manage.py load_demo --reset

test: .venv-dev ## every test, then the browser tests
	@$(BIN)/python -m tests.chromium
	@$(BIN)/pytest -n 2 -m "not browser" --cov --cov-report=
	@$(BIN)/pytest -m browser

check: .venv-dev ## every check that needs no browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .

shots: .venv-dev ## screenshots of every page, desktop and phone, light and dark, into shots/
	@exec $(BIN)/python -m tests.browser.shots
