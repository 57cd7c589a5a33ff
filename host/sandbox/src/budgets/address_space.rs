//! The remaining address space of this process, which `ulimit -v`, `LimitAS=` or a hosting provider
//! may limit.

use std::fs;

/// The name of the limit in `/proc/self/limits`, and that of the current use in
/// `/proc/self/status`.
const LIMIT: &str = "Max address space";
const IN_USE: &str = "VmSize:";

/// Returns the number of bytes of address space that can still be mapped; `None` if there is no
/// limit, or if it is unknown.
pub(crate) fn left() -> Option<u64> {
    let limit = limit_in(&fs::read_to_string("/proc/self/limits").ok()?)?;
    let in_use = in_use_in(&fs::read_to_string("/proc/self/status").ok()?)?;

    Some(limit.saturating_sub(in_use))
}

/// Returns the soft limit, which is the one that the system enforces; `None` for `unlimited`.
fn limit_in(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix(LIMIT))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

fn in_use_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(IN_USE))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_of_the_address_space_is_read() {
        let limits = |soft: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units     \n\
                 Max cpu time              unlimited            unlimited            seconds   \n\
                 Max address space         {soft:20} unlimited            bytes     \n"
            )
        };
        assert_eq!(
            limit_in(&limits("3221225472")),
            Some(3 * 1024 * 1024 * 1024)
        );
        assert_eq!(limit_in(&limits("unlimited")), None);
        assert_eq!(limit_in(""), None);
    }

    #[test]
    fn the_address_space_in_use_is_read_in_bytes() {
        assert_eq!(
            in_use_in("VmPeak:\t  300 kB\nVmSize:\t   12345 kB\nVmLck:\t 0 kB\n"),
            Some(12345 * 1024)
        );
        assert_eq!(in_use_in("VmSize:\t many kB\n"), None);
    }
}
