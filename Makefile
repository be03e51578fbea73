# `make demo` runs the whole hands-on once, `make test` the tests, `make test-all` the long ones, too. Each first makes
# the virtualenv .venv, where it is missing or the requirements have changed.

PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

.PHONY: demo test test-all lint clean

demo: .venv/kit
	$(BIN)/python dataset_creation.py --shape square --num_images 2000 --output_directory ./squares --size 64
	$(BIN)/python dataset_creation.py --shape triangle --num_images 2000 --output_directory ./triangles --size 64
	cat squares/info.csv triangles/info.csv > dataset.csv
	$(BIN)/python training.py
	$(BIN)/python evaluating.py

test: .venv/dev
	$(PYTEST)

test-all: test
	$(PYTEST) -m long

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/pyright
	$(BIN)/python -m pytest --quiet tests/house_rules

clean:  # what `make demo` made; the virtualenv stays
	rm -rf squares triangles dataset.csv runs

.venv/kit: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/kit
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	touch $@
