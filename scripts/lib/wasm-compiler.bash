# Which compiler builds adapters; to be sourced from the root of the checkout, by scripts that have `say`.

has_wasm_target() {
  local libraries
  libraries=$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null) && [[ -d $libraries ]]
}

# Chooses a compiler; sets the array `build_std` to what cargo needs with it, and the environment to what it needs itself.
choose_compiler() {
  build_std=()
  if has_wasm_target; then return; fi
  if [[ ${RUSTUP_AUTO_INSTALL:-1} != 0 ]] && command -v rustup >/dev/null; then
    say "adding Rust's target wasm32-unknown-unknown"
    rustup target add wasm32-unknown-unknown >&2
    return
  fi
  say "Rust's target wasm32-unknown-unknown is missing and cannot be fetched by rustup: using Debian's compiler"
  local environment
  environment=$(scripts/wasm-toolchain)
  eval "$environment"
  # Without features: a guest has nowhere to print a backtrace to.
  # shellcheck disable=SC2034 # for who sources this
  build_std=("-Zbuild-std=std,panic_abort" "-Zbuild-std-features=")
}
