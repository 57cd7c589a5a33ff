# Every task of this repository. `./just` lists them, and fetches just itself where it is missing.
#
# The times that long steps tell are those of a machine with two cores that has built nothing yet.

set positional-arguments

# A lock file that is out of date is a mistake in CI and everyday work elsewhere.
locked := if env("CI", "") == "true" { "--locked" } else { "" }

# Everything built for development has the features that tests ask for: what the demo builds is then not built again, with
# other features, for the tests. What is installed is built without them.
for_tests := "--features job-scanner-store/test-support"

# The programs that the demo runs; the store is named for its feature.
of_demo := "--package job-scanner --package job-scanner-board-server --package job-scanner-store"

# Guests are a workspace of their own; built natively, for tests and lints, they have a target folder of their own too.
in_adapters := "cd adapters && CARGO_TARGET_DIR=../target/adapters-native"

# Everything in Rust that has a Cargo.lock.
workspaces := ". adapters dev/bench fuzz examples/adapters/rust"

# list the tasks
[private]
default:
    @"{{ just_executable() }}" --justfile "{{ justfile() }}" --list --unsorted

# build what it needs and run the main job end to end: a local board server, two scans, mail to files
[group('run')]
demo: tools
    @echo "demo: building job-scanner and the board server: about 5 minutes the first time" >&2
    cargo build {{ of_demo }} {{ for_tests }} {{ locked }}
    @echo "demo: building the three adapters that it shows: about a minute the first time" >&2
    scripts/build-adapters greenhouse lever ashby
    scripts/demo

# serve made-up job boards on this machine, to scan and to break (arguments are passed on)
[group('run')]
board-server *arguments: tools
    @echo "board-server: building it: about 5 minutes the first time, nothing after the demo" >&2
    cargo build --quiet {{ of_demo }} {{ for_tests }} {{ locked }}
    "${CARGO_TARGET_DIR:-target}/debug/board-server" "$@"

# build job-scanner and the tools beside it (adapters apart)
[group('build')]
build: tools
    @echo "build: building job-scanner and the tools beside it: about 5 minutes the first time" >&2
    cargo build --workspace {{ for_tests }} {{ locked }}

# build the adapters (all, or those named) into adapters/dist/NAME.wasm, and let this job-scanner use them
[group('build')]
build-adapters *names: build
    @echo "build-adapters: about five minutes for all of them the first time" >&2
    scripts/build-adapters "$@"

# install the program and its adapters below a folder (~/.local unless you name another)
[group('build')]
install *prefix: tools
    scripts/install "$@"

# remove what was built (adapters/dist stays)
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

# make, build, check and scan with an adapter in each of five languages, fetching what they need
[group('check')]
test-languages: build
    scripts/test-languages

# fuzz a target for a while, with cargo-fuzz on nightly (docs/fuzzing.md)
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

# find mistakes with clippy
[group('check')]
lint: tools
    cargo clippy --workspace --all-targets {{ locked }} -- --deny warnings
    {{ in_adapters }} cargo clippy --workspace --all-targets {{ locked }} -- --deny warnings

# The benchmarks are built as the program is: cargo reads the profiles in its Cargo.toml as configuration.
# measure what is promised about speed, with a release build, whose first time takes a quarter of an hour
[group('check')]
bench *arguments: tools build-adapters
    @echo "bench: building for release: about a quarter of an hour the first time" >&2
    cargo build --release --package job-scanner {{ locked }}
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}" cargo build --release --manifest-path dev/bench/Cargo.toml \
      --config Cargo.toml {{ locked }}
    @echo "bench: measuring: about 2 minutes" >&2
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

# all that must pass before a change lands
[group('check')]
ci: fmt-check lint test docs demo

# install or ask for the tools that the build needs
[private]
tools:
    @scripts/check-tools
