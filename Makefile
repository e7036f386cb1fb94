# make app: the app in a browser, from nothing. make test: all tests. Both need only Python 3.11 and pip.
PYTHON ?= python3
BIN := .venv/bin
STORE ?= data/store

.PHONY: app test lint texts demo calibration clean

app: .venv/.app
	PLAINVIEW_STORE=$(STORE) $(BIN)/plainview demo --if-empty
	PLAINVIEW_STORE=$(STORE) $(BIN)/plainview serve

demo: .venv/.app
	PLAINVIEW_STORE=$(STORE) $(BIN)/plainview demo

test: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: .venv/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

texts: .venv/.test
	$(BIN)/python tests/message_template.py

calibration: .venv/.test
	$(BIN)/python -m benchmarks.calibration

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/.app: requirements.txt core/pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --compile -r requirements.txt
	touch $@

.venv/.test: .venv/.app tests/requirements.txt
	$(BIN)/python -m pip install --quiet --compile -r tests/requirements.txt
	touch $@

clean:
	rm -rf .venv data/store
