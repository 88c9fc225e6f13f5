# Variables: PORT=8001 make run · make demo SESSIONS=1000 PROJECTS=10000 · PYTHON=python3.12 make run
PYTHON ?= python3
SESSIONS ?= 1000
PROJECTS ?= 10000

python = .venv/bin/python
install = $(python) -m pip install --quiet --quiet --disable-pip-version-check --requirement

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test walk lighthouse lint bench demo undemo python-is-new-enough folder-and-port-are-free

help: ## Lists these verbs
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile

run: python-is-new-enough folder-and-port-are-free .venv/product ## Starts the portal; on an empty machine it sets up everything first
	@$(python) -m brst_site.serve

test: lint ## Runs every check and every test
	@sh tests/run.sh

walk: .venv/tools ## Looks at every page in every language, theme and width, and writes fixtures/accessibility.json
	@$(python) -m tests.account

lighthouse: .venv/tools ## Lets Lighthouse visit every kind of page, and weighs them
	@cd .venv/node && ../bin/npm ci --silent
	@$(python) -m benchmarks.lighthouse

lint: .venv/tools ## Checks style, import rules, templates, missing migrations and deployment
	@$(python) -m ruff check --quiet
	@$(python) -m ruff format --check --quiet
	@find . -path ./.venv -prune -o -path '*/templates/*.html' -print0 | xargs -0 .venv/bin/djade --check --target-version 5.2
	@.venv/bin/lint-imports
	@$(python) -W 'ignore:Got an error checking a consistent migration' manage.py makemigrations --check --dry-run
	@SITE_URL=https://portal.example.org $(python) manage.py check --deploy --fail-level WARNING

bench: .venv/tools ## Measures speed against references measured in the same run
	@$(python) -m benchmarks.run
	@$(python) -m benchmarks.search

demo: .venv/product ## Adds sample data: make demo SESSIONS=1000 PROJECTS=10000
	@$(python) manage.py demo --sessions $(SESSIONS) --projects $(PROJECTS)

undemo: .venv/product ## Removes exactly the sample data
	@$(python) manage.py undemo

python-is-new-enough:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): install Python 3.11 or newer with venv." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("$(PYTHON) is Python %d.%d, but the portal needs 3.11 or newer: name one, such as PYTHON=python3.12 make run" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv: install it (on Debian: apt-get install python3-venv)." >&2; exit 1; }

# Asked before anything is installed: a minute later the answer would come too late.
folder-and-port-are-free:
	@$(PYTHON) -m brst_site.claim

.venv/product: requirements.txt | python-is-new-enough
	@echo "Installing the pinned packages in .venv."
	@$(PYTHON) -m venv .venv
	@$(install) requirements.txt
	@touch $@

.venv/tools: requirements.txt requirements-dev.txt tests/node/package-lock.json | .venv/product
	@echo "Installing the tools for checks and tests in .venv."
	@$(install) requirements-dev.txt
	@mkdir -p .venv/node && cp tests/node/package.json tests/node/package-lock.json tests/node/.npmrc .venv/node
	@cd .venv/node && ../bin/npm ci --omit=dev --silent
	@touch $@
