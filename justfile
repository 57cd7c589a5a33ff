# Every task of this repository. `./just` lists them, and fetches just itself if it is missing.
#
# The durations that long steps print apply to a machine with two cores that has built nothing yet.

set positional-arguments

# In CI, an out-of-date lock file is an error. Elsewhere, cargo updates it.
locked := if env("CI", "") == "true" { "--locked" } else { "" }

# Development builds enable the features that tests need, so that the tests do not rebuild what the demo has built.
# Installed programs are built without them.
for_tests := "--features job-scanner-store/test-support"

# The programs that the demo runs. The store is listed so that its feature can be enabled.
of_demo := "--package job-scanner --package job-scanner-board-server --package job-scanner-store"

# Adapters are a separate workspace. Built natively, for tests and lints, they also have a separate target folder.
in_adapters := "cd adapters && CARGO_TARGET_DIR=../target/adapters-native"

# The Rust workspaces and packages, each with its own Cargo.lock.
workspaces := ". adapters dev/bench fuzz examples/adapters/rust examples/adapters/small/rust"

# list the tasks
[private]
default:
    @"{{ just_executable() }}" --justfile "{{ justfile() }}" --list --unsorted

# build and show the program end to end: a local board server, scans, mail to files
[group('run')]
demo: tools
    @echo "demo: building job-scanner and the board server: about 5 minutes the first time" >&2
    cargo build {{ of_demo }} {{ for_tests }} {{ locked }}
    @echo "demo: building the three adapters it uses: about a minute the first time" >&2
    scripts/build-adapters greenhouse lever ashby
    scripts/demo

# serve generated job boards on this machine, for scans and failure tests (arguments are passed on)
[group('run')]
board-server *arguments: tools
    @echo "board-server: building it: about 5 minutes the first time, no time if the demo was built" >&2
    cargo build --quiet {{ of_demo }} {{ for_tests }} {{ locked }}
    "${CARGO_TARGET_DIR:-target}/debug/board-server" "$@"

# build job-scanner and its development tools (not the adapters)
[group('build')]
build: tools
    @echo "build: building job-scanner and its development tools: about 5 minutes the first time" >&2
    cargo build --workspace {{ for_tests }} {{ locked }}

# build the adapters (all, or those named) into adapters/dist/NAME.wasm, and accept them for use
[group('build')]
build-adapters *names: build
    @echo "build-adapters: about five minutes for all of them the first time" >&2
    scripts/build-adapters "$@"

# install the program and its adapters below a folder (default: ~/.local)
[group('build')]
install *prefix: tools
    scripts/install "$@"

# remove build output (adapters/dist stays)
[group('build')]
clean:
    rm -rf target

# run all tests
[group('check')]
test: build-adapters
    @echo "test: building and running the tests of job-scanner: about 4 minutes the first time" >&2
    cargo test --workspace {{ locked }}
    @echo "test: building and running the tests of the adapters: about 2 minutes the first time" >&2
    {{ in_adapters }} cargo test --workspace {{ locked }}

# create, build, check and scan with an adapter in each of five languages, fetching what they need
[group('check')]
test-languages: build
    scripts/test-languages

# test the page in a browser, fetching what that needs (arguments: files below dev/web-tests)
[group('check')]
test-web *arguments: tools
    @echo "test-web: building job-scanner and the board server: about 5 minutes the first time" >&2
    cargo build {{ of_demo }} {{ for_tests }} {{ locked }}
    @echo "test-web: building the three adapters it uses: about a minute the first time" >&2
    scripts/build-adapters greenhouse lever ashby
    scripts/test-web "$@"

# compare the schemas of SQLite and PostgreSQL, installing the latter where it is missing (arguments go to cargo test)
[group('check')]
test-postgres *arguments: tools
    @echo "test-postgres: building the store and its tests: about 2 minutes the first time" >&2
    scripts/test-postgres {{ locked }} "$@"

# fuzz a target for some seconds, with cargo-fuzz on nightly (docs/fuzzing.md)
[group('check')]
fuzz target seconds="600":
    scripts/fuzz "{{ target }}" "{{ seconds }}"

# format the code
[group('check')]
fmt:
    for workspace in {{ workspaces }}; do (cd "$workspace" && cargo fmt --all) || exit 1; done

# check that the code is formatted
[group('check')]
fmt-check:
    for workspace in {{ workspaces }}; do (cd "$workspace" && cargo fmt --all --check) || exit 1; done

# check the code with clippy
[group('check')]
lint: tools
    cargo clippy --workspace --all-targets {{ locked }} -- --deny warnings
    {{ in_adapters }} cargo clippy --workspace --all-targets {{ locked }} -- --deny warnings
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}" cargo clippy --manifest-path dev/bench/Cargo.toml \
      --config Cargo.toml --all-targets {{ locked }} -- --deny warnings

# The benchmarks are built with the program's profiles: cargo reads the root Cargo.toml as configuration.
# measure the promised speed with a release build, which takes a quarter of an hour the first time
[group('check')]
bench *arguments: tools build-adapters
    @echo "bench: building for release: about a quarter of an hour the first time" >&2
    cargo build --release --package job-scanner --package job-scanner-board-server {{ locked }}
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}" cargo build --release --manifest-path dev/bench/Cargo.toml \
      --config Cargo.toml {{ locked }}
    @echo "bench: measuring: about 6 minutes" >&2
    "${CARGO_TARGET_DIR:-target}/release/bench" "$@"

# check licences, sources and unwanted libraries with cargo-deny
[group('check')]
deny:
    cargo deny --config deny.toml check bans licenses sources
    cargo deny --manifest-path adapters/Cargo.toml --config deny.toml check bans licenses sources

# build the documentation
[group('check')]
docs: tools
    RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps {{ locked }}
    {{ in_adapters }} RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps {{ locked }}

# run everything that must pass before a change is merged
[group('check')]
ci: fmt-check lint test docs demo

# install the tools that the build needs, or say how
[private]
tools:
    @scripts/check-tools
