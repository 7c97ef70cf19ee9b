# What a developer types. Every target says what it installs; nothing is written outside this folder
# but Debian packages, and those only where we may install them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= data
# make demo LOG_URL=kafka://127.0.0.1:9092 runs on a real broker (make kafka prints its LOG_URL).
ifdef LOG_URL
export LAGESBILD_LOG_URL := $(LOG_URL)
endif

.PHONY: help setup setup-test demo test kafka bench docs format lock screenshots clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed ## a virtual environment in .venv with all the product needs at run time

$(VENV)/.installed: pyproject.toml constraints.txt
	@infra/setup/python.sh $(VENV)

setup-test: $(VENV)/.installed-test ## setup, and what the tests need: Java and Maven, PostgreSQL, Chromium

$(VENV)/.installed-test: $(VENV)/.installed constraints-test.txt infra/setup/services.sh
	@infra/setup/services.sh
	@echo "Installing the test packages pinned in constraints-test.txt into $(VENV)"
	@$(BIN)/pip install --quiet --require-hashes --requirement constraints-test.txt
	@touch $@

demo: setup ## the whole product with demonstration answers: form on :8000, dashboards on :8501
	@$(BIN)/lagesbild demo --data-dir $(DATA_DIR)

test: setup-test ## every test: style, types, units, both logs, browser, faults
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/pytest

kafka: setup ## a real Apache Kafka in the foreground; prints its LOG_URL
	@infra/setup/services.sh java
	@$(BIN)/python -m infra.kafka

bench: setup-test ## the benchmarks; writes benchmarks/results.json
	@$(BIN)/python -m benchmarks.run

format: setup-test ## put the code in the house's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

PINS := --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 --quiet

lock: setup ## pin every dependency anew, with hashes and without addresses
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra build $(PINS) --upgrade --output-file constraints.txt
	@$(BIN)/uv pip compile pyproject.toml --extra build --extra test $(PINS) --constraint constraints.txt \
		--output-file constraints-test.txt

docs: setup-test ## write the reference pages in docs/ anew from the code
	@$(BIN)/python -m surveys.asyncapi
	@$(BIN)/python -m tests.documentation

screenshots: setup-test ## take the pictures in docs/screenshots anew from a running demonstration
	@$(BIN)/python -m tests.screenshots docs/screenshots

clean: ## remove the demonstration's data and every cache, keep the environment
	@rm -rf data .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
