# The commands of this project. `make run` is all a newcomer needs.
PY := .venv/bin/python
NPM := npm --prefix frontend
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run setup setup-dev test check types build matrix interop chaos bench fresh-machine locks docs

run: setup
	@exec $(PY) manage.py up $(ARGS)

setup:
	@python3 scripts/setup.py

setup-dev:
	@python3 scripts/setup.py --dev

# Every test that belongs to a change: front end, engine, rooms, browser.
test: setup-dev
	@$(PY) scripts/run_tests.py

check: setup-dev
	@$(PY) scripts/check.py

# Server schema → docs/reference/openapi.json → frontend/src/api/schema.gen.ts
types: setup-dev
	@$(PY) scripts/api_types.py

build: setup

# The core suite on SQLite + embedded broker and on PostgreSQL + Redis.
matrix: setup-dev
	@$(PY) -m scripts.matrix

# Scripts of both generations of the SageMaker SDK, unchanged, against a server of their own.
interop: setup-dev
	@$(PY) -m scripts.interop

chaos: setup-dev
	@$(PY) -m scripts.chaos

bench: setup-dev
	@$(PY) -m scripts.bench

# Reference tables, made from the code.
docs: setup-dev
	@$(PY) -m scripts.reference_tables

# Both README commands in a clean Debian root with user namespaces (root, about 3 minutes).
fresh-machine:
	@scripts/fresh-machine

# After a change of pyproject.toml or package.json. The locks hold hashes and markers, no addresses.
locks:
	@$(PY) scripts/lock_without_addresses.py
	@$(PY) -m uv lock -q
	@for part in "--no-dev:requirements" "--group dev:requirements-dev" "--only-group node:requirements-node" \
	  "--only-group bwrap:requirements-bwrap" "--only-group uv:requirements-uv"; do \
	  $(PY) -m uv export -q --no-header --no-emit-project --format requirements-txt $${part%%:*} -o $${part##*:}.lock; done
