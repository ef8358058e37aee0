# Two commands: `make run` and `make test`. The rest is for those who work on the studio.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-clients thorough soak lint bench screenshots lock clean

# ENGINES=emulated: the picture services are played by this machine, and nothing is charged.
run: $(VENV)/.base
	$(if $(filter-out emulated,$(ENGINES)),$(error ENGINES is "emulated" or nothing))
	@$(BIN)/python $(if $(ENGINES),-m tests.emulators.beside,manage.py run)

test: $(VENV)/.dev
	@$(BIN)/python -m tests.run

lint: $(VENV)/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy studio && $(BIN)/djlint --lint --quiet templates && $(BIN)/python manage.py makemigrations --check --dry-run

test-clients: $(VENV)/.dev
	@$(BIN)/python -m tests.emulators.official

# The properties of planner, compiler and linter over 10,000 random panels each, and a thousand guesses at every door; the suite tries
# a few hundred.
thorough: $(VENV)/.dev
	@STUDIO_EXAMPLES=$(or $(EXAMPLES),10000) $(BIN)/python -m pytest -q -n auto tests/prompting/test_properties.py tests/prompting/test_by_hand.py
	@STUDIO_TRIES=334 $(BIN)/python -m pytest -q tests/accounts/test_doors.py

soak: $(VENV)/.dev
	@$(BIN)/python -m tests.soak $(SOAK)

bench: $(VENV)/.dev
	@$(BIN)/python -m bench

screenshots: $(VENV)/.dev
	@$(BIN)/python -m tests.browser.screenshots

lock: | $(VENV)/bin/python
	@$(BIN)/pip install -q pip-tools
	@$(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras -o requirements/base.txt requirements/base.in
	@$(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras --allow-unsafe -o requirements/dev.txt requirements/dev.in

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt | $(VENV)/bin/python
	@echo "Installing what the studio needs …"
	@$(BIN)/pip install -q --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need …"
	@$(BIN)/pip install -q --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.base

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
