# What a person types. `make help` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
BIN := .venv/bin
# An address is never used, but production settings want one.
PRODUCTION := RELMAN_ENV=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(48))') \
	BASE_URL=https://relman.example ALLOWED_HOSTS=relman.example \
	DATABASE_URL=postgresql://relman@db/relman REDIS_URL=redis://broker/0
ALL_BRANCHES := */operations/*,*/queries/*,*/permissions.py,analytics/*

.PHONY: help .venv .venv-dev run test check fuzz lint lint-types lint-project lint-text lint-layers lock texts shots bench demo-reset

help: ## list these targets
	@awk -F ':.*## ' '/^[.a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --create-db --reuse-db -m "not browser" --cov --cov-report=
	@$(BIN)/coverage report --skip-covered --skip-empty --fail-under=95
	@$(BIN)/coverage report --skip-covered --skip-empty --fail-under=99 --include='$(ALL_BRANCHES)'
	@$(BIN)/pytest -q -n 2 --reuse-db -m browser tests/browser

check: lint ## every check that needs no browser
	$(BIN)/pytest -q tests/architecture --ignore tests/architecture/test_leaks.py --ignore tests/architecture/test_query_budgets.py

fuzz: .venv-dev ## ask the API of a workspace that is up everything that its file allows and forbids (URL=, TOKEN=)
	$(BIN)/schemathesis run static/api/openapi.json --url "$(URL)" -H "Authorization: Bearer $(TOKEN)" -n 5

lint: .venv-dev ## the checks that run no test
	@$(MAKE) --no-print-directory -j 2 lint-types lint-project lint-text lint-layers

lint-types: # takes as long as all the others
	$(BIN)/mypy .

lint-project:
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with production settings"
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

lint-text:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet

lint-layers:
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .

LOCK := .cache/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

lock: ## make the lock files anew; what is locked stays as long as pyproject.toml allows it
	@$(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet uv
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -o requirements-dev.lock

texts: .venv-dev ## take the texts of the code into every catalogue under locale/
	@exec $(BIN)/python manage.py texts

shots: .venv-dev ## screenshots of every page, desktop and phone, light and dark, into shots/
	@exec $(BIN)/python -m tests.browser.shots

bench: .venv ## measure against the targets at 200 k relationships (BENCH_FULL=1: a million)
	@exec $(BIN)/python -m benchmarks
