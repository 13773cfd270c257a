# Needs Python >= 3.11, make and nothing else; all paths are relative, so the checkout may lie anywhere.
PYTHON := .venv/bin/python
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1
FRONT_END := $(shell find labextension -name node_modules -prune -o -name lib -prune -o -name .yarn -prune -o -type f -print)

.PHONY: help demo test bench lint clean
.NOTPARALLEL:

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

demo: .venv/.for-users ## run the first tutorial headless: a job, its metrics, where its outputs are
	@$(PYTHON) notebooks/demo.py

test: .venv/.for-developers .venv/.front-end ## lint, types, contracts, every test, every notebook (ARGS="-k name" for some)
	@sh .ci/chromium.sh
	@$(PYTHON) -m pytest $(ARGS)

bench: .venv/.for-developers .venv/.front-end ## measure against peers; writes tests/benchmarks/RESULTS.md (ARGS="name" for some)
	@$(PYTHON) -m tests.benchmarks $(ARGS)

lint: .venv/.for-developers ## style, types and contracts only
	@$(PYTHON) -m pytest -q tests/architecture

clean: ## remove all that was made here
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.for-users: pyproject.toml .ci/venv.sh
	@sh .ci/venv.sh '.'
	@touch $@

.venv/.for-developers: pyproject.toml .ci/venv.sh
	@SKIP_JUPYTER_BUILDER=1 sh .ci/venv.sh '.[test]'
	@touch $@ .venv/.for-users

.venv/.front-end: .venv/.for-developers .ci/front_end.sh $(FRONT_END)
	@sh .ci/front_end.sh
	@touch $@
