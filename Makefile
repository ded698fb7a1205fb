# make run    set up and start the bot (the playground when there is no token)
# make test   set up and run every test
# make lint   formatting, lint, types, Dockerfile
# make bench  seconds and memory of a step on this machine
# make load   200 people at once, and a held chat, against a bot that only pretends to paint
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# On a machine without an NVIDIA GPU a CPU build of torch saves gigabytes; PIP_TORCH may hold more
# options of pip, such as the index of such builds.
PIP_TORCH ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint lock clean bench load pictures rehearse
.DEFAULT_GOAL := run

run: $(VENV)/.run
	@$(BIN)/python -m bot

# Much of a test is waiting: three at a time keep two cores busy, each with one thread.
test: $(VENV)/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

bench: $(VENV)/.test
	$(BIN)/python -m engine bench

load: $(VENV)/.test
	$(BIN)/python -m benchmarks.load

# The hashes of everything but torch and what only its builds for GPUs need: those differ by machine.
lock: $(VENV)/bin/python
	@$(PIP) uv
	echo "torch ; python_version < '3'" > $(VENV)/without-torch
	for extras in "" "--extra test"; do \
	  $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
	    --override $(VENV)/without-torch --extra bot --extra engine --extra postgres $$extras pyproject.toml \
	    --output-file requirements$${extras:+-test}.lock || exit 1; \
	done

# The Dockerfile's steps in a clean folder, for machines without a Docker engine.
rehearse:
	$(PYTHON) .ci/rehearse

# The pictures of the chat in README and docs/chat.md; they want fonts-noto-color-emoji.
pictures: $(VENV)/.test
	$(BIN)/python tests/browser/screenshots.py

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Setting up (once; torch is large)..."
	@$(PIP) $(PIP_TORCH) $$(grep -o 'torch==[0-9.]*' pyproject.toml)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@
