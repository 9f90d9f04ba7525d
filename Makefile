# `make` or `make help` lists the tasks. Everything lives in .venv/ and instance/ beside this file.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
APP := $(BIN)/flask --app app

.DEFAULT_GOAL := help
.PHONY: help run test lint type bench lighthouse demo translate clean

help: ## list the tasks
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: .venv/.run ## install what is needed, load the demo on first use, and serve on http://127.0.0.1:5000
	@exec $(BIN)/python app.py

test: .venv/.test ## install what the tests need, and run them
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: .venv/.test ## check style and formatting
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

type: .venv/.test ## check types in routing/ and planner/domain/
	@$(BIN)/mypy

bench: .venv/.bench ## measure roads, days and rotations, beside others
	@for name in bench/[a-z]*.py; do $(BIN)/python -m bench.$$(basename $$name .py) || exit 1; done

lighthouse: .venv/.bench ## have npm's Lighthouse judge the demo's pages (needs Chromium and npx)
	@$(BIN)/python -m bench.lighthouse --fetch --check

translate: .venv/.run ## bring the texts of the program into the translations, and compile them
	@$(BIN)/pybabel --quiet extract --mapping=pyproject.toml --output=.venv/messages.pot --sort-by-file --add-location=file \
		--no-wrap .
	@$(BIN)/pybabel --quiet update --input-file=.venv/messages.pot --output-dir=planner/translations --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date --no-wrap
	@$(BIN)/pybabel compile --directory=planner/translations --statistics

demo: .venv/.run ## throw the demo's data away and load it anew
	@$(APP) demo --reset

clean: ## remove the virtual environment and caches; instance/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Rounds needs Python 3.11 or newer; none was found. Name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making a virtual environment in .venv/ with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/.run: requirements.txt | .venv/bin/python
	@echo "Installing what Rounds needs into .venv/; one to two minutes the first time ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.bench: requirements-bench.txt .venv/.test
	@echo "Installing what Rounds is measured against into .venv/ ..."
	@$(PIP) -r requirements-bench.txt
	@touch $@

.venv/.test: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need into .venv/; one to two minutes the first time ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/.run
