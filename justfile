# Every task of this repository. `./just` lists them, and fetches just itself where it is missing.

set positional-arguments

# A lock file that is out of date is a mistake in CI and everyday work elsewhere.
locked := if env("CI", "") == "true" { "--locked" } else { "" }

# Guests are a workspace of their own; built natively, for tests and lints, they have a target folder of their own too.
in_adapters := "cd adapters && CARGO_TARGET_DIR=../target/adapters-native"

# Everything in Rust that has a Cargo.lock.
workspaces := ". adapters dev/bench fuzz examples/adapters/rust"

# list the tasks
[private]
default:
    @"{{ just_executable() }}" --justfile "{{ justfile() }}" --list --unsorted

# build everything and run the main job end to end: a local board server, two scans, mail to files
[group('run')]
demo: build-adapters
    scripts/demo

# serve made-up job boards on this machine, to scan and to break (arguments are passed on)
[group('run')]
board-server *arguments: tools
    cargo run --quiet --package job-scanner-board-server {{ locked }} -- "$@"

# build job-scanner and the tools beside it (adapters apart)
[group('build')]
build: tools
    cargo build --workspace {{ locked }}

# build the adapters (all, or those named) into adapters/dist/NAME.wasm, and let this job-scanner use them
[group('build')]
build-adapters *names: build
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
    cargo test --workspace {{ locked }}
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

# measure what is promised about speed, with a release build, whose first time takes a quarter of an hour and more
[group('check')]
bench *arguments: tools build-adapters
    @echo "bench: building for release; the first time this takes a quarter of an hour and more" >&2
    cargo build --release --workspace {{ locked }}
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}" cargo build --release --manifest-path dev/bench/Cargo.toml {{ locked }}
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
