.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint format peers peers-lenskit bench docs site clean help

demo: .venv/core  ## Fetch MovieLens, train, report, serve (ARGS=--once: print and stop)
	@$(BIN)/matinee demo $(ARGS)

test: .venv/dev  ## Run every test (ARGS="-k name" for some)
	@$(BIN)/python -m pytest -n 2 $(ARGS)

lint: .venv/dev  ## Check style, types and the layers of the house
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: .venv/dev  ## Rewrite the sources in the house style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

peers: .venv-peers/ready  ## Install the libraries that benchmarks compare with, apart from our own

peers-lenskit: .venv-peers/ready  ## Install LensKit for benchmarks/every_model.py, with PyTorch (6 GB)
	@test -x .venv-peers/lenskit/bin/python || $(PYTHON) -m venv .venv-peers/lenskit
	@.venv-peers/lenskit/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers/lenskit.txt

bench: .venv/dev .venv-peers/ready  ## Run the benchmarks, slow by nature, into docs/benchmarks.md (ARGS="svd ials": some)
	@$(BIN)/python benchmarks/all.py $(ARGS)

docs: .venv/dev  ## Regenerate what the docs quote: commands, settings, README results, pictures, bad input, notebooks
	@$(BIN)/python docs/reference.py && $(BIN)/python docs/results.py && $(BIN)/python docs/screenshot.py \
		&& $(BIN)/python -m docs.first_projects && $(BIN)/python -m docs.audience_plots && $(BIN)/python -m docs.bad_input \
		&& $(BIN)/python -m docs.notebooks

site: .venv/dev  ## Build the documentation site into build/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build && echo "open build/site/index.html"

clean:  ## Remove the environment, caches and build results
	@rm -rf .venv .venv-peers build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests benchmarks docs -name __pycache__ -type d -exec rm -rf {} +

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 18

.venv/core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "matinee needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[report]'
	@touch $@

.venv/dev: .venv/core
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,docs]'
	@touch $@

.venv-peers/ready: benchmarks/peers/requirements.txt
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers/requirements.txt
	@touch $@
