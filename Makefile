# The two commands of the README. Windows users find the same lines there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test test-office test-servers clean

run: $(VENV)/runtime
	$(BIN)/gongkai extract examples/*.txt -o out/examples.jsonl

test: $(VENV)/dev
	$(BIN)/python -m pytest -n auto

# What needs LibreOffice (Debian: apt-get install libreoffice-writer).
test-office: $(VENV)/dev
	$(BIN)/python -m pytest -m office

# The exchange formats against the real annotation programs, each in an environment of its own (about 2 GB).
test-servers: $(VENV)/dev .venv-label-studio/ready .venv-doccano/ready
	GONGKAI_LABEL_STUDIO=$(CURDIR)/.venv-label-studio/bin/label-studio GONGKAI_DOCCANO=$(CURDIR)/.venv-doccano/bin/doccano $(BIN)/python -m pytest tests/servers

.venv-label-studio/ready:
	$(PYTHON) -m venv .venv-label-studio
	.venv-label-studio/bin/python -m pip install --quiet --disable-pip-version-check label-studio==1.23.2
	touch $@

.venv-doccano/ready:
	$(PYTHON) -m venv .venv-doccano
	.venv-doccano/bin/python -m pip install --quiet --disable-pip-version-check doccano==1.8.4 'marshmallow<4' 'numpy<2' 'setuptools<81'
	touch $@

$(VENV)/runtime: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/runtime

clean:
	rm -rf $(VENV) .venv-label-studio .venv-doccano out build dist *.egg-info
