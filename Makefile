# make lecture      the main job: proofs, refutations, audit, training, documents in build/
# make test         the tests, in less than ten minutes
# make soak         long fuzzing and mutants
# make lint         style and types
# make test-lowest  the quick tests on the lowest versions that pyproject.toml allows
#
# Each sets up .venv by itself from the versions in requirements.txt; PYTHON=... chooses the Python.

BIN := .venv/bin
LOWEST := .venv-lowest/bin
JOBS ?= 2
PYTEST_ARGS ?=

.PHONY: lecture test soak lint test-lowest setup setup-lowest clean

lecture: setup
	$(BIN)/derive lecture

test: setup
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

soak: setup
	$(BIN)/python -m pytest -n $(JOBS) -m soak $(PYTEST_ARGS)

test-lowest: setup-lowest
	$(LOWEST)/python -m pytest -n $(JOBS) -m "not soak and not slow" $(PYTEST_ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy --follow-imports=silent -p derive.kernel -p derive.meaning -m derive.syntax -m derive.binding \
		-m derive.polynomial -p derive.cli -m derive.pytest_plugin -m derive.trust

setup:
	@sh .ci/venv .venv requirements.txt

setup-lowest:
	@sh .ci/venv .venv-lowest requirements-lowest.txt

clean:
	rm -rf build .venv .venv-lowest *.egg-info
