# Thin by intent: each target names one script of Scripts/, which can be run by hand as well.
.DEFAULT_GOAL := help
.PHONY: help build demo test check chart client images sbom reproduce sanitize tsan asan fuzz soak bench fresh-root clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build the three programs for development
	@Scripts/install-dependencies build
	@Scripts/build

demo: ## Install what is missing, build, and play one Vela step on this machine
	@Scripts/demo

test: ## Install what tests need and run everything that CI runs
	@Scripts/test

check: ## Structure, format and scripts, without building
	@Scripts/check

chart: ## The Helm chart and the kustomize base: lint, renders, schemas, what they refuse
	@Scripts/check-chart

client: ## The static client: dist/vela-aws-credentials
	@Scripts/install-dependencies build
	@Scripts/build-client

images: ## Build both container images and run them
	@Scripts/images

sbom: ## What is in both images, as SPDX: dist/sbom
	@Scripts/images --sbom

reproduce: ## Two builds of the static client are the same bytes
	@Scripts/install-dependencies build
	@Scripts/reproduce

sanitize: ## All tests under both sanitizers, programs included
	@Scripts/install-dependencies build demo test
	@Scripts/sanitize thread all
	@Scripts/sanitize address all

tsan: ## Unit tests under ThreadSanitizer
	@Scripts/install-dependencies build
	@Scripts/sanitize thread

asan: ## Unit tests under AddressSanitizer
	@Scripts/install-dependencies build
	@Scripts/sanitize address

fuzz: ## Each parser of hostile bytes under libFuzzer
	@Scripts/install-dependencies build
	@Scripts/fuzz

soak: ## Half an hour of good, bad and hostile traffic while things go wrong (SOAK_MINUTES)
	@Scripts/install-dependencies soak
	@Scripts/soak

bench: ## Load and micro benchmarks
	@Scripts/install-dependencies bench
	@Scripts/bench

fresh-root: ## Prove `make demo` in a new minimal Debian (needs root)
	@Scripts/fresh-root

clean: ## Remove what was built; keeps the Python environment
	rm -rf .build .build-* dist
