#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| job_scanner_fuzz_properties::query::check(input));
