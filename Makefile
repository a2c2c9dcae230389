# make serve   the portal with demonstration data on http://127.0.0.1:8000 (PORT=8080 for another port)
# make test    every test; those in a browser need Chromium
# make lint    the linters
# make check   the linters and every test

# The first Python on this machine that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
NOT_ON_SCREEN = --ignore .venv --ignore var --ignore bench --ignore tests --ignore static
INSTALL = .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes
export PORT ?= 8000

# A virtual environment whose Python is gone is made anew.
$(shell test -e .venv/bin/python || rm -f .venv/pyvenv.cfg .venv/run .venv/dev)

.PHONY: serve test lint check messages

serve: .venv/run
	@exec .venv/bin/python -m portal.serving.demo

test: .venv/dev
	@# Two workers more than two cores: the tests of the browser wait a good deal.
	@exec .venv/bin/python -m pytest -n 4 --dist loadgroup $(ARGS)

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

.venv/pyvenv.cfg:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "The portal needs Python 3.11 or newer, and $(or $(PYTHON),python3) is not. Name another: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Making a virtual environment in .venv with $$($(PYTHON) --version)"
	@"$(PYTHON)" -m venv --clear .venv || { rm -rf .venv; \
	  echo "Python could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

.venv/run: requirements.txt .venv/pyvenv.cfg
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $(MAKE) --no-print-directory .venv/pyvenv.cfg; }
	@echo "Installing the portal's pinned packages (about 70 MB; this once, or when they change)"
	@$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Installing the packages of the tests (about 80 MB; this once, or when they change)"
	@$(INSTALL) --requirement requirements-dev.txt
	@touch $@
