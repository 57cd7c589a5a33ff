//! The author of a decision: the user and the machine of this process.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;

use job_scanner_store::Author;

/// Returns the user who runs this process, and the name of the machine.
pub(crate) fn author() -> Author {
    Author::on_this_machine(user())
}

/// Returns the name of the user. A directory service may know users that the file does not; then
/// the environment names them.
fn user() -> String {
    let uid = fs::metadata("/proc/self").map(|process| process.uid());
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let known = uid.as_ref().ok().and_then(|uid| name_in(&users, *uid));
    let set = || env::var("USER").ok().filter(|name| !name.is_empty());
    known.or_else(set).unwrap_or_else(|| match uid {
        Ok(uid) => format!("user {uid}"),
        Err(_) => "unknown".to_owned(),
    })
}

/// Returns the name of a user in the lines of `/etc/passwd`.
fn name_in(users: &str, uid: u32) -> Option<String> {
    let uid = uid.to_string();
    let mut lines = users.lines().map(|line| line.split(':'));
    lines.find_map(|mut fields| {
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_user_is_found_by_number() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\njo:x:10:10::/home/jo:/bin/sh\n";
        assert_eq!(name_in(users, 10).as_deref(), Some("jo"));
        assert_eq!(name_in(users, 1), None);
    }
}
