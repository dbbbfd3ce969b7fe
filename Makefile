# Two commands for a newcomer: `make run` and `make test`. Both call `make setup`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
INSTALLED := .venv/installed
BUNDLE ?= ../shared/data

.PHONY: help setup run test test-deep notebooks lab lint docs lock clean
.DEFAULT_GOAL := help

help: ## Show the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(INSTALLED) ## Create .venv and install the locked versions.

# The stamp is written last, so an interrupted set-up starts again instead of being taken for whole.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Wardcast needs Python 3.11; name one with: make PYTHON=/path/to/python3.11 setup"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "Python cannot create a virtual environment; on Debian: apt-get install python3.11-venv"; exit 1; }
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
	.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## Simulate a force and run the whole job on it.
	.venv/bin/wardcast simulate --out simulated
	.venv/bin/wardcast run --data simulated

test: setup ## Run the quick tests: every room, in minutes.
	.venv/bin/python -m pytest -m "not deep" --numprocesses $$(($$(nproc) + 1)) --dist worksteal

test-deep: setup ## Run the deep tests: faults, servers, browsers, notebooks, London.
	.venv/bin/python -m pytest -m deep --numprocesses $$(($$(nproc) + 1)) --dist loadfile

notebooks: setup notebooks/data ## Run the notebooks and make pages of them.
	.venv/bin/jupytext --quiet --to ipynb --set-kernel python3 notebooks/*.py
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest --nbmake --nbmake-timeout=900 --timeout=0 --overwrite \
		-p no:cacheprovider notebooks/*.ipynb
	.venv/bin/jupyter nbconvert --log-level WARN --to html notebooks/*.ipynb

lab: setup notebooks/data .venv-lab/installed ## Open the notebooks in JupyterLab.
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv-lab/bin/jupyter lab notebooks

# An environment of its own: beside what JupyterLab brings, each command of Wardcast would take seconds longer to start.
.venv-lab/installed: notebooks/lab.lock | $(INSTALLED)
	$(PYTHON) -m venv .venv-lab
	.venv/bin/uv pip install --quiet --python .venv-lab/bin/python --require-hashes -r notebooks/lab.lock
	.venv/bin/python -m ipykernel install --prefix .venv-lab --name python3 >/dev/null 2>&1
	@touch $@

# Ten years of two boroughs of London where its files are at hand, else a fictional city.
notebooks/data: | $(INSTALLED)
	@if [ -d "$(BUNDLE)" ]; then \
		.venv/bin/wardcast subset --data "$(BUNDLE)" --borough Camden --borough Islington --since 2015-04 --out $@; \
	else .venv/bin/wardcast simulate --wards 24 --months 84 --out $@; fi

lint: setup ## Check style and types.
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-cache >/dev/null || .venv/bin/lint-imports --no-cache
	.venv/bin/mypy

docs: setup ## Build the site of the docs; open site/index.html.
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet

lock: ## Resolve the versions anew, keeping today's pins where they still fit.
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --extra dev --extra notebooks \
		--no-annotate --no-emit-index-url --no-header pyproject.toml --output-file requirements.lock
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 \
		--no-annotate --no-emit-index-url --no-header notebooks/lab.in --output-file notebooks/lab.lock

clean: ## Remove what was built (releases and the tracking store stay).
	rm -rf .venv .venv-lab cache simulated site .pytest_cache .mypy_cache .ruff_cache .hypothesis
