SHELL := /bin/bash
# Every target does its own set-up. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help dashboard run test setup build format lint docs examples bench chaos tsan fuzz evidence clean

# Arguments for the program behind a target: make run ARGS="--http-port 9000"
ARGS ?=

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: ## Build for release and run the demo on http://127.0.0.1:8080
	@exec Scripts/run.sh $(ARGS)

dashboard: ## Check and bundle the dashboard, and run its unit tests
	@exec Scripts/dashboard.sh --test

test: ## Run all tests, with a PostgreSQL and a broker of their own
	@exec Scripts/test.sh

setup: ## Install what building and testing need
	@exec Scripts/setup.sh test

build: ## Build everything for debugging
	@Scripts/setup.sh run && exec swift build

format: ## Format the Swift sources in place
	@. Scripts/common.sh && project_files swift | tr '\n' '\0' | xargs -0 swift format --in-place --parallel

lint: ## Check formatting, sizes and scripts without building
	@exec Scripts/lint.sh

docs: ## Build the documentation, and compare the public interface with Docs/api (ARGS=--write takes it over)
	@exec Scripts/docs.sh $(ARGS)

examples: ## Build and run the examples
	@Scripts/setup.sh run && exec Scripts/examples.sh

bench: ## Measure queries, and throughput beside Python (ARGS=steady: the hard case, minutes long; see Scripts/bench.sh)
	@case "$(ARGS)" in steady* | easy*) ;; *) CHURN_BENCH_ROUNDS=100 Benchmarks/queries.sh 10000 100000 ;; esac
	@exec Scripts/bench.sh $(ARGS)

chaos: ## Kill processes and servers during a run and compare with an undisturbed one
	@exec Scripts/chaos.sh $(ARGS)

tsan: ## Run unit and simulation tests under the thread sanitizer
	@exec Scripts/tsan.sh

fuzz: ## Give mutated bytes to everything that reads files and messages, 60 s each
	@exec Scripts/fuzz.sh $(ARGS)

evidence: ## Run the long forms of tests and measurements, hours of them (ARGS names steps)
	@exec Scripts/evidence.sh $(ARGS)

clean: ## Remove everything that was built
	@rm -rf .build .build-tsan .build-fuzz Fuzz/.build .work Dashboard/dist Examples/*/.build
