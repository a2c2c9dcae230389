# make serve   the portal with demonstration data on http://127.0.0.1:8000 (PORT=8080 for another port)
# make test    every test; those in a browser need Chromium
# make lint    the linters
# make check   the linters and every test

PYTHON ?= python3
NOT_ON_SCREEN = --ignore .venv --ignore var --ignore bench --ignore tests --ignore static
export PORT ?= 8000

.PHONY: serve test lint check messages

serve: .venv/run
	@exec .venv/bin/python -m portal.serving.demo

test: .venv/dev
	@exec .venv/bin/python -m pytest -n 2 $(ARGS)

lint: .venv/dev
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/lint-imports
	.venv/bin/python -m djlint templates --lint --quiet

check: lint test

# The Indonesian catalogue, after texts changed; needs gettext.
messages: .venv/dev
	.venv/bin/python -m django makemessages --locale id --no-wrap --no-obsolete --no-location $(NOT_ON_SCREEN)
	.venv/bin/python -m django compilemessages --locale id --ignore .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("The portal needs Python 3.11 or newer; this is %d.%d. Name another: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Making a virtual environment in .venv"
	@$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.txt
	@echo "Installing the pinned packages (once; needs the network)"
	@.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Installing the packages of the tests (once; needs the network)"
	@.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
