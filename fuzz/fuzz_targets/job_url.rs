#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| job_scanner_fuzz_properties::job_url::check(input));
