# Every target is a word of `run.py`, which also works where make is missing.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run setup test test-long check assets lock messages bench cluster demo-data image wheelhouse

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## set everything up and start Roadstead with sample data on http://localhost:8000
setup: ## only set up the environment that `run` needs
test: ## the tests, with everything they need (ARGS="-k name" reaches pytest)
test-long: ## the tests that take many minutes too
check: ## formatting, types, layers, locks, languages, migrations and the yardstick
assets: ## build the front end and the translations
lock: ## write requirements/*.txt anew from pyproject.toml
messages: ## add strings without Chinese to the catalogues, take out stale ones
bench: ## the benchmarks, one table each
cluster: ## a Kubernetes control plane on this machine, to try deployments on (ARGS=down stops it)
image: ## the container image, with docker
wheelhouse: ## what building the image takes from package registries, for a machine that reaches none

run setup test test-long check assets lock messages bench cluster image wheelhouse:
	@$(PYTHON) run.py $@ $(ARGS)

demo-data: ## made-up apps, people, reviews and instances for `run` (N=100000 apps)
	@$(PYTHON) run.py demo-data --apps $(or $(N),1000) $(ARGS)
