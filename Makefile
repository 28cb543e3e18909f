# The two commands of the README. Windows users find the same lines there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test clean

run: $(VENV)/runtime
	$(BIN)/gongkai extract examples/*.txt -o out/examples.jsonl

test: $(VENV)/dev
	$(BIN)/python -m pytest -n auto

$(VENV)/runtime: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/runtime

clean:
	rm -rf $(VENV) out build dist *.egg-info
