# make build, test, lint, docs, figures, bench, clean: everything else is notesbuild's own command line.
.DEFAULT_GOAL := help
.PHONY: help build test lint docs figures bench clean
BIN := .venv/bin

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

build: ## install what is missing, then build every course: site, PDFs, exams
	@scripts/setup.sh build
	@$(BIN)/notesbuild build

test: lint ## lint, then run all tests and report their coverage
	@$(BIN)/pytest -n 2 --dist loadfile --quiet --cov --cov-report=term

lint: ## check style and types
	@scripts/setup.sh test
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy --no-error-summary

docs: ## build the documentation into build/docs
	@scripts/setup.sh build
	@$(BIN)/sphinx-build -q -W --keep-going docs build/docs
	@echo "build/docs/index.html"

figures: ## redraw the figures of the notes
	@scripts/setup.sh figures
	@set -e; for script in $(filter-out %/style.py,$(wildcard notes/figures/*.py)); do \
		$(BIN)/python -B $$script; done

bench: ## measure, each time against the bare parts of the same work
	@scripts/setup.sh build
	@$(BIN)/python benchmarks/bench.py $(ARGS)

clean: ## remove everything that builds have made, but not .venv
	@rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
