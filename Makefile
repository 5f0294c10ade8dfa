# Everything a person does with this repository. `make help` lists it.

PYTHON  ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
             command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' \
             && echo $$p && break; done)
VENV    := .venv
BIN     := $(VENV)/bin
PORT    ?= 8080
DATA    ?= .data
AUTH    ?= demo
REGION  ?= europe-west1
export PROJECT REGION
PIP     := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help setup run run-emulators demo emulation test lint check format bench lock openapi tables deploy rollback clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "AIMS needs Python 3.11, 3.12 or 3.13 on the PATH."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt install python3-venv)."; exit 1; }

# A stamp is newer than its requirements once they are installed: the second run installs nothing.
$(VENV)/.local: requirements-local.txt | $(BIN)/python
	@echo "setting up the environment …"
	@$(PIP) -r requirements-local.txt && touch $@

$(VENV)/.dev: requirements-dev.txt | $(BIN)/python
	@echo "setting up the environment for tests …"
	@$(PIP) -r requirements-dev.txt && touch $@ $(VENV)/.local

setup: $(VENV)/.local  ## create the environment, nothing else

run: $(VENV)/.local  ## start the whole suite on one port with demo data (PORT=8080 DATA=.data AUTH=demo)
	@exec $(BIN)/python -m infra.local serve --port $(PORT) --data-dir $(DATA) --auth $(AUTH) --welcome

run-emulators: $(VENV)/.dev  ## the same on the official Firestore and Pub/Sub emulators (needs gcloud and Java)
	@exec $(BIN)/python -m infra.local serve --port $(PORT) --data-dir $(DATA) --auth $(AUTH) --emulators --welcome

demo: $(VENV)/.local  ## ask five questions about the demo data, print the answers and anomalies, exit
	@$(BIN)/python -m infra.local demo

build/bigquery-emulator/ready: requirements-bigquery-emulator.txt | $(VENV)/.dev
	@echo "setting up the emulation of BigQuery …"
	@$(BIN)/python -m tests.families.bigquery_emulator

emulation: build/bigquery-emulator/ready  ## make the emulation of BigQuery that tests use if it is there (650 MB)

test: $(VENV)/.dev  ## run every test
	@$(BIN)/python -m pytest -n auto tests

lint: $(VENV)/.dev  ## format, lint, types and import rules
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache

check: lint  ## what a change must pass: lint, unit tests, contracts of the embedded family
	@$(BIN)/python -m pytest -n auto -m "not slow and not emulator" tests \
	  --ignore=tests/e2e --ignore=tests/emulator --ignore=tests/terraform

format: $(VENV)/.dev  ## mend what can be mended by itself
	@$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

bench: $(VENV)/.dev  ## measure against named baselines, print tables of ratios
	@$(BIN)/python -m tests.bench

openapi: $(VENV)/.dev  ## write functions/openapi.json from the catalog and the models
	@$(BIN)/python -m infra.openapi

tables: $(VENV)/.dev  ## write terraform/tables.json from shared/schema
	@$(BIN)/python -m infra.tables

lock: $(VENV)/.dev  ## pin what pyproject.toml allows, with hashes, into requirements*.txt
	@$(BIN)/python -m infra.lock

deploy: $(VENV)/.local  ## build the image and apply terraform/ (PROJECT=… REGION=europe-west1)
	@test -n "$$PROJECT" || { echo "Say where: make deploy PROJECT=my-project-1"; exit 1; }
	@$(BIN)/python -m infra.deploy deploy --project "$$PROJECT" --region "$$REGION"

rollback: $(VENV)/.local  ## apply what was deployed before (PROJECT=… REGION=europe-west1)
	@test -n "$$PROJECT" || { echo "Say where: make rollback PROJECT=my-project-1"; exit 1; }
	@$(BIN)/python -m infra.deploy rollback --project "$$PROJECT" --region "$$REGION"

clean:  ## remove .venv, .data and caches
	rm -rf .venv .data build .mypy_cache .ruff_cache .pytest_cache .hypothesis
