# `make demo` runs the whole hands-on once, `make test` the tests, `make test-all` the long ones, too. Each first makes
# the virtualenv .venv, where it is missing or the requirements have changed.

PYTHON ?= python3
BIN := .venv/bin
# Two processes a core, up to 4: tests often wait, for scripts that start or stop. Compiled modules are kept, even
# where the environment says otherwise: scripts are started by the hundred.
PROCESSES := $(shell $(PYTHON) -c "import os; print(min(4, 2 * os.cpu_count()))")
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadgroup \
    --no-loadscope-reorder

.PHONY: demo labs test test-all lint clean

demo: .venv/kit
	$(BIN)/python dataset_creation.py --shape square --num_images 2000 --output_directory ./squares --size 64
	$(BIN)/python dataset_creation.py --shape triangle --num_images 2000 --output_directory ./triangles --size 64
	cat squares/info.csv triangles/info.csv > dataset.csv
	$(BIN)/python training.py
	$(BIN)/python evaluating.py

labs: .venv/kit  # each lab on a small run, in a folder of its own
	mkdir -p labs_small
	cd labs_small && for shape in square triangle; do ../$(BIN)/python ../dataset_creation.py \
	    --shape $$shape --num_images 500 --output_directory ./$${shape}s --size 32 --truth || exit 1; done
	cd labs_small && cat squares/info.csv triangles/info.csv > dataset.csv && rm -rf runs
	cd labs_small && cat squares/truth.csv triangles/truth.csv > truth.csv
	cd labs_small && ../$(BIN)/python ../training.py --run small --epochs 5
	cd labs_small && ../$(BIN)/python ../labs/look_inside.py --run small
	cd labs_small && ../$(BIN)/python ../labs/locate.py
	cd labs_small && ../$(BIN)/python ../labs/segment.py --epochs 5
	cd labs_small && ../$(BIN)/python ../labs/reconstruct.py --epochs 5
	cd labs_small && ../$(BIN)/python ../labs/generate.py --run small --epochs 10
	cd labs_small && ../$(BIN)/python ../labs/fine_tune.py --run small --data dataset.csv --repeats 1
	cd labs_small && ../$(BIN)/python ../labs/transfer_style.py --run small
	cd labs_small && ../$(BIN)/python ../labs/fully_convolutional.py --epochs 20 --learning_rate 0.005
	cd labs_small && ../$(BIN)/python ../labs/iterators.py
	cd labs_small && ../$(BIN)/python ../labs/find_settings.py --tries 4 --epochs 3

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

clean:  # what `make demo` and `make labs` made; the virtualenv stays
	rm -rf squares triangles dataset.csv runs labs_small

.venv/kit: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/kit
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	touch $@
