# Chooses the compiler that builds adapters. Scripts that define `say` source this from the root of the checkout.

has_wasm_target() {
  local libraries
  libraries=$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null) && [[ -d $libraries ]]
}

# Chooses a compiler. Sets the array `build_std` to the arguments that cargo needs for it, and the environment variables
# that the compiler needs.
choose_compiler() {
  build_std=()
  if has_wasm_target; then return; fi
  if [[ ${RUSTUP_AUTO_INSTALL:-1} != 0 ]] && command -v rustup >/dev/null; then
    say "adding Rust's target wasm32-unknown-unknown"
    rustup target add wasm32-unknown-unknown >&2
    return
  fi
  say "Rust's target wasm32-unknown-unknown is missing and rustup cannot fetch it: using Debian's compiler"
  local environment
  environment=$(scripts/wasm-toolchain)
  eval "$environment"
  # Without features: a guest has no output for a backtrace.
  # shellcheck disable=SC2034 # used by the scripts that source this
  build_std=("-Zbuild-std=std,panic_abort" "-Zbuild-std-features=")
}
