# `make check` and `make test` work on a fresh machine with Python 3.11 or newer, pip and make.
# Another Python: make check PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
LOCKER := build/locker

.PHONY: check test test-quick lint proofs bench audit mutants lock clean

check: $(READY)
	$(BIN)/snapproof replay traces/*.json
	$(BIN)/snapproof conform --no-cover
	$(BIN)/snapproof check

test: $(READY)
	$(BIN)/python -m pytest -n 2

# Something of every room in half a minute of two idle processors; what takes longer is marked `slow`.
test-quick: $(READY)
	$(BIN)/python -m pytest -n 2 -m "not slow"

# The model is checked where it is a part of the package: ruff does not follow the links by itself.  Examples are
# laid out for readers.
lint: $(READY)
	$(BIN)/ruff check . src/snapproof/model src/snapproof/invariants
	$(BIN)/mypy

# Long: 20,000 made-up specifications and 20,000 of other kinds, every scenario with every box on its own, every fault on the
# engine; then the audits among the tests: kills, faults of disks and hostile input, kept mutants, the stories of the
# documents that take minutes.
audit: $(READY)
	$(BIN)/python tests/audit_random.py --from 0 --count 20000 --jobs 2
	for kind in further folding refused asked figures recording gathering queueing bagging uniting timing; do $(BIN)/python tests/audit_random.py --kind $$kind --from 0 --count 2000 --jobs 2 || exit 1; done
	$(BIN)/snapproof check --every-box
	$(BIN)/snapproof conform --no-cover --faults
	$(BIN)/python -m pytest --audit -s

# An hour or more: a sample of changes of the model, its properties and the checker itself, and what tells them (docs/mutants.md).
SAMPLE ?= 150
SEED ?= 1
mutants: $(READY)
	$(BIN)/python tests/mutants.py --sample $(SAMPLE) --seed $(SEED) || [ $$? -eq 4 ]
	$(BIN)/python tests/mutants.py --properties --sample $(SAMPLE) --seed $(SEED) || [ $$? -eq 4 ]
	$(BIN)/python tests/mutants.py --checker --sample $(SAMPLE) --seed $(SEED) || [ $$? -eq 4 ]

# Minutes: that I3, I4, I5 and I7 hold at sixteen sessions, whatever the programs are (docs/queries.md).
proofs: $(READY)
	$(BIN)/snapproof prove --seconds 900

bench: $(READY)
	$(BIN)/python bench/run.py

# The environment is made without pip, and the pip of $(PYTHON) installs into it: Debian's Python makes
# an environment with pip only when the package python3-venv is there, which a fresh machine does not have.
# Hashes of every package are checked; setuptools is one of them, so nothing else is fetched to build.
$(READY): requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "snapproof needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null || { echo "pip is missing: apt-get install python3-pip"; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# Newest versions that pyproject.toml allows, with the hashes of all their files; review the diff.
lock:
	$(PYTHON) -m venv --without-pip $(LOCKER)
	$(PYTHON) -m pip --python $(LOCKER)/bin/python install --quiet pip pip-tools==7.6.2
	CUSTOM_COMPILE_COMMAND="make lock" $(LOCKER)/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe \
	  --strip-extras --extra dev --all-build-deps --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --no-emit-options --output-file requirements/lock.txt pyproject.toml

clean:
	rm -rf build dist bench/build src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
