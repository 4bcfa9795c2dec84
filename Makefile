# The two commands of the project: `make build` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed $(BIN)/bokslut
# what audits and lists the rest has a virtual environment of its own, so that a build installs less
SUPPLY := .venv-supply
# and so have the peers that the benchmark compares with
PEERS := .venv-peers

.PHONY: help build report example fuzz bad-input faults test test-dbt test-report test-release lint lint-python lint-sql docs benchmark benchmark-report benchmark-imports benchmark-cost test-peers sbom audit lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# one install per lock file: a second run finds the stamp and installs nothing
$(VENV)/.installed: requirements.txt
$(SUPPLY)/.installed: requirements-supply.txt
$(PEERS)/.installed: benchmarks/peers/requirements.txt
$(VENV)/.installed $(SUPPLY)/.installed $(PEERS)/.installed:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"bokslut needs Python 3.11 to 3.13, and {sys.executable} is {v.major}.{v.minor}: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
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

test-release: $(INSTALLED)  ## releases read by older engines while a build runs, and the same bytes at 1 and 8 threads
	tests/release/install
	PYTHONPATH=.:tests/python $(BIN)/python -m pytest -n 0 tests/release

example: $(INSTALLED)  ## a fictional municipality from received files to report, in build/example/
	PYTHONPATH=. $(BIN)/python -m examples.example --output build/example

fuzz: $(INSTALLED)  ## ten minutes of damaged SIE files against their reader
	BOKSLUT_FUZZ_SECONDS=600 $(BIN)/python -m pytest -n 0 tests/python/test_sie_fuzz.py

bad-input: $(INSTALLED)  ## every case of bad input, and how many are survived
	PYTHONPATH=.:tests/python $(BIN)/python tests/python/bad_input.py

faults: $(INSTALLED)  ## builds killed at every step, a full disk and more, under readers; half an hour
	PYTHONPATH=.:tests/python $(BIN)/python tests/python/faults.py

test: $(INSTALLED) $(SUPPLY)/.installed  ## everything that CI checks; what needs one core runs two at a time
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint-sql lint-python test-dbt
	$(BIN)/python -m pytest

test-dbt: $(INSTALLED)  ## dbt build into a new file, unit tests included
	rm -rf build/test && mkdir -p build/test
	BOKSLUT_DATABASE=build/test/warehouse.duckdb $(BIN)/dbt --warn-error build --target-path build/test/target

lint: lint-python lint-sql  ## ruff, mypy and sqlfluff

lint-python: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-sql: $(INSTALLED)
	mkdir -p build
	BOKSLUT_DATABASE=build/lint.duckdb DBT_TARGET_PATH=build/lint $(BIN)/sqlfluff lint --disable-progress-bar models analyses $(wildcard tests/*.sql)

docs: $(INSTALLED)  ## the documentation of every model and column as one page, target/static_index.html
	$(BIN)/dbt docs generate --static
	@echo "Open target/static_index.html in a browser."

benchmark: $(INSTALLED) $(PEERS)/.installed  ## bokslut, dbt, bare DuckDB and peers side by side: SIZE="1e5 1e6" ROUNDS=3
	$(BIN)/python -m benchmarks contest --size "$(or $(SIZE),1e6)" --rounds $(or $(ROUNDS),3)

benchmark-cost: $(INSTALLED)  ## what the build costs by node, a list as a seed or imported, and memory by settings
	$(BIN)/python -m benchmarks nodes
	$(BIN)/python -m benchmarks seeds
	$(BIN)/python -m benchmarks memory --size $(or $(SIZE),1e6)

benchmark-report: build  ## what a report costs beside dbt, file by file, and with twenty boards
	PYTHONPATH=. $(BIN)/python benchmarks/report.py

benchmark-imports: $(INSTALLED)  ## what importing costs beside a plain read of the same bytes: CSV, Excel, SIE and Parquet
	PYTHONPATH=.:tests/python $(BIN)/python benchmarks/imports.py

test-peers: $(INSTALLED) $(PEERS)/.installed  ## the marts of each peer of the benchmark against those of dbt build; some minutes
	$(BIN)/python -m pytest -n 0 -m peers tests/python/test_peers.py

sbom: $(INSTALLED) $(SUPPLY)/.installed  ## what is locked as a CycloneDX SBOM, build/sbom.cdx.json
	@$(SUPPLY)/bin/python -m bokslut.supply.sbom requirements.txt build/sbom.cdx.json \
	  --installed "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

audit: $(SUPPLY)/.installed  ## known vulnerabilities of what is locked, by pip-audit; fails if it was not told
	@$(SUPPLY)/bin/python -m bokslut.supply.audit requirements.txt

lock: $(INSTALLED)  ## compile the lock files, with hashes and without addresses
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header --upgrade --quiet --output-file requirements.txt
	$(BIN)/uv pip compile --group pyproject.toml:supply --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header --upgrade --quiet --output-file requirements-supply.txt
	$(BIN)/uv pip compile benchmarks/peers/requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet --output-file benchmarks/peers/requirements.txt

clean:  ## remove what was built; the virtual environments stay
	rm -rf target logs build warehouse.duckdb warehouse.duckdb.wal
