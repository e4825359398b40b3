# make demo: a running Probant with invented books.   make test: every check.   Needs only Python 3.11 or newer.
.PHONY: demo test lint bench soak lock vendor browser token clean

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
APT := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends
export PYTHONUTF8 := 1

demo: .venv/.run
	$(BIN)/probant demo

test: lint browser token
	$(BIN)/python -W ignore::RuntimeWarning:slipcover.importer -m slipcover \
	  -m pytest -n logical --dist loadfile --no-loadscope-reorder

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.dev
	$(BIN)/python -m tests.bench

soak: browser
	$(BIN)/python -m pytest -m soak --timeout 0

# make lock keeps the versions it can; make lock UPGRADE=--upgrade takes the newest.
lock: .venv/.run
	for tier in uv requirements dev; do \
	  $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 $(UPGRADE) $$tier.in -o $$tier.txt || exit; \
	done

# Only to change a version of what we took from npm; its result is committed.
vendor: .venv/.dev
	$(BIN)/python -m tools.vendor
	$(BIN)/python -m tools.fonts

clean:
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# What Probant runs on. The project itself is linked, not copied; uv, already here, is its build backend: no network.
.venv/.run: uv.txt requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Probant needs Python 3.11 or newer: make PYTHON=…")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || [ "$$(id -u)" != 0 ] || { $(APT) python3-venv; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r uv.txt
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --offline --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev: .venv/.run dev.txt
	$(INSTALL) --require-hashes -r dev.txt
	touch $@

# A Chromium for tests/browser, best the one without windows: it takes half the CPU. They skip themselves with a
# sentence without any; CI refuses that skip.
browser: .venv/.dev
	@if command -v chromium-headless-shell; then :; \
	elif [ "$$(id -u)" = 0 ] && { $(APT) chromium-headless-shell; }; then :; \
	elif command -v chromium || command -v google-chrome; then :; \
	else $(BIN)/playwright install chromium || echo "No browser could be installed: the browser tests will be skipped."; fi

# A token in software for tests/audit/test_hsm.py, which skips itself with a sentence without one.
token:
	@if command -v softhsm2-util; then :; \
	elif [ "$$(id -u)" = 0 ] && { $(APT) softhsm2; }; then :; \
	else echo "No SoftHSM could be installed: the tests of tokens will be skipped."; fi
