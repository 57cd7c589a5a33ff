//! The input is the text of an `adapters.lock`.

use job_scanner_core::adapter::LockFile;

use crate::manifest::check_grants;

/// Checks that a lock file prints in a form that parses to the same lock file and prints the same
/// bytes again. It must name only files of its own folder.
pub fn check(text: &str) {
    let Ok(lock) = LockFile::parse(text) else {
        return;
    };

    let printed = lock.to_string();
    let read_back = LockFile::parse(&printed).expect("the printed form is valid");
    assert_eq!(read_back, lock);
    assert_eq!(read_back.to_string(), printed);

    for (name, accepted) in lock.iter() {
        assert!(!name.is_empty() && !name.contains(['/', '\\']), "{name:?}");
        assert_eq!(accepted.sha256.as_str().len(), 64);
        check_grants(&accepted.grants);
    }
}
