# The two commands of the project: `make build` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed $(BIN)/bokslut

.PHONY: help build report example fuzz bad-input faults test test-report lint docs benchmark benchmark-report benchmark-imports lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# one install per lock file: a second run finds the stamp and installs nothing
$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"bokslut needs Python 3.11 to 3.13, and {sys.executable} is {v.major}.{v.minor}: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

# the command runs the package as it stands here; nothing is built or copied
$(BIN)/bokslut: $(VENV)/.installed Makefile
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/python" -m bokslut "$$@"\n' "$(CURDIR)" "$(CURDIR)/$(BIN)" > $@
	@chmod +x $@

build: $(INSTALLED)  ## check the inputs, build and audit the warehouse, and publish it as a release
	$(BIN)/bokslut build

report: build  ## the annual report of each board as web site, Markdown, PDF, Word and Excel, in build/report/
	$(BIN)/bokslut report

test-report: report  ## the report in a browser, by axe, and in LibreOffice; installs what that needs (Debian and npm packages)
	tests/report/install
	$(BIN)/python -m pytest -n 0 tests/report

example: $(INSTALLED)  ## a fictional municipality from received files to report, in build/example/
	PYTHONPATH=. $(BIN)/python -m examples.example --output build/example

fuzz: $(INSTALLED)  ## ten minutes of damaged SIE files against their reader
	BOKSLUT_FUZZ_SECONDS=600 $(BIN)/python -m pytest -n 0 tests/python/test_sie_fuzz.py

bad-input: $(INSTALLED)  ## every case of bad input, and how many are survived
	PYTHONPATH=.:tests/python $(BIN)/python tests/python/bad_input.py

faults: $(INSTALLED)  ## builds killed at every step, a full disk and more, under readers; half an hour
	PYTHONPATH=.:tests/python $(BIN)/python tests/python/faults.py

test: $(INSTALLED) lint  ## everything that CI checks
	rm -rf build/test && mkdir -p build/test
	BOKSLUT_DATABASE=build/test/warehouse.duckdb $(BIN)/dbt --warn-error build --target-path build/test/target
	$(BIN)/python -m pytest

lint: $(INSTALLED)  ## ruff, mypy and sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	mkdir -p build
	BOKSLUT_DATABASE=build/lint.duckdb $(BIN)/sqlfluff lint --disable-progress-bar models analyses $(wildcard tests/*.sql)

docs: $(INSTALLED)  ## the documentation of every model and column as one page, target/static_index.html
	$(BIN)/dbt docs generate --static
	@echo "Open target/static_index.html in a browser."

benchmark: build  ## what the commands cost, side by side
	$(BIN)/python benchmarks/fixed_cost.py

benchmark-report: build  ## what a report costs beside dbt, file by file, and with twenty boards
	PYTHONPATH=. $(BIN)/python benchmarks/report.py

benchmark-imports: $(INSTALLED)  ## what importing costs beside a plain read of the same bytes: CSV, Excel, SIE and Parquet
	PYTHONPATH=.:tests/python $(BIN)/python benchmarks/imports.py

lock: $(INSTALLED)  ## compile requirements.txt from pyproject.toml, with hashes and without addresses
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header --upgrade --quiet --output-file requirements.txt

clean:  ## remove what was built; the virtual environment stays
	rm -rf target logs build warehouse.duckdb warehouse.duckdb.wal
