//! Opens folders that only this user can change. Files in such a folder are executed as trusted
//! code.
//!
//! The folder must belong to this user, and no other user may be able to write to it or to a folder
//! above it, because that user could replace it by another folder. `sshd` reads key files by the
//! same rule ([`StrictModes`](https://man.openbsd.org/sshd_config#StrictModes)). A sticky folder
//! like `/tmp`, in which each user can move only their own files, is accepted above the folder.
//! Everything below a folder that other users cannot enter is accepted too.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Component, Path, PathBuf};

/// The reason why a folder is not private.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPrivate {
    #[error("`{}` belongs to another user", .0.display())]
    Foreign(PathBuf),
    #[error("other users can write in `{}`; remove its contents and run `chmod go-w` on it", .0.display())]
    Open(PathBuf),
    /// The operating system reports an error.
    #[error("cannot use `{}`", path.display())]
    Unusable {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
}

const ROOT: u32 = 0;
/// The write permissions of the group and of other users.
const OTHERS_WRITE: u32 = 0o022;
/// The permissions of the group and of other users to enter a folder.
const OTHERS_ENTER: u32 = 0o011;
/// The sticky bit: users can remove only their own files.
const STICKY: u32 = 0o1000;
/// The number of links that Linux follows in one path.
const MAX_LINKS: u32 = 40;

/// Creates the folder if it does not exist and checks that it is private. Returns the user id of
/// this process.
pub(crate) fn open(folder: &Path) -> Result<u32, NotPrivate> {
    let path = std::path::absolute(folder).map_err(unusable(folder))?;
    let own = own_id().map_err(unusable(folder))?;

    // The path is checked first, so that nothing is created where other users can write.
    PathWalk::new(own).check(&path)?;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&path)
        .map_err(unusable(&path))?;
    // The path is checked again, because another user could have changed it before the folder
    // existed.
    PathWalk::new(own).check(&path)?;

    let known = fs::metadata(&path).map_err(unusable(&path))?;
    if known.uid() != own {
        return Err(NotPrivate::Foreign(path));
    }
    if known.mode() & OTHERS_WRITE != 0 {
        return Err(NotPrivate::Open(path));
    }
    Ok(own)
}

/// Returns true if an open file is a regular file of this user that no other user can write to.
pub(crate) fn is_private_file(known: &Metadata, own: u32) -> bool {
    known.is_file() && known.uid() == own && known.mode() & OTHERS_WRITE == 0
}

/// Returns the user id that new files get.
fn own_id() -> io::Result<u32> {
    if let Ok(process) = fs::metadata("/proc/self") {
        return Ok(process.uid());
    }

    let probe = std::env::temp_dir().join(format!(
        ".job-scanner-{}-{:x}",
        std::process::id(),
        fastrand::u64(..)
    ));
    let own = File::create_new(&probe)?
        .metadata()
        .map(|known| known.uid());

    fs::remove_file(&probe)?;
    own
}

fn unusable(path: &Path) -> impl FnOnce(io::Error) -> NotPrivate {
    let path = path.to_owned();
    move |error| NotPrivate::Unusable { path, error }
}

/// A walk from the root to a folder that follows every link.
struct PathWalk {
    own: u32,
    here: PathBuf,
    /// True if other users cannot enter the current folder.
    closed: bool,
    /// The remaining steps in reverse order.
    ahead: Vec<OsString>,
    links: u32,
}

impl PathWalk {
    fn new(own: u32) -> Self {
        Self {
            own,
            here: PathBuf::new(),
            closed: false,
            ahead: Vec::new(),
            links: 0,
        }
    }

    /// Checks each existing folder and link on the path.
    fn check(mut self, path: &Path) -> Result<(), NotPrivate> {
        self.push_path(path);

        while let Some(step) = self.ahead.pop() {
            let next = self.here.join(&step);
            let known = match fs::symlink_metadata(&next) {
                Ok(known) => known,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(unusable(&next)(error)),
            };

            if known.uid() != self.own && known.uid() != ROOT {
                return Err(NotPrivate::Foreign(next));
            }

            if known.is_symlink() {
                self.follow(&next)?;
            } else {
                self.enter(next, &known)?;
            }
        }
        Ok(())
    }

    fn push_path(&mut self, path: &Path) {
        if path.is_absolute() {
            self.here = PathBuf::new();
            self.closed = false;
        }

        let steps = path
            .components()
            .rev()
            .filter(|step| !matches!(step, Component::CurDir));
        self.ahead
            .extend(steps.map(|step| step.as_os_str().to_owned()));
    }

    fn follow(&mut self, link: &Path) -> Result<(), NotPrivate> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(unusable(link)(io::Error::other("too many links")));
        }

        let target = fs::read_link(link).map_err(unusable(link))?;
        self.push_path(&target);
        Ok(())
    }

    fn enter(&mut self, folder: PathBuf, known: &Metadata) -> Result<(), NotPrivate> {
        if !known.is_dir() {
            return Err(unusable(&folder)(io::Error::other("it is not a folder")));
        }

        if folder.ends_with("..") {
            // `..` may lead out of the folder that others cannot enter.
            self.closed = false;
        }

        let mode = known.mode();
        if !self.closed && mode & OTHERS_WRITE != 0 && mode & STICKY == 0 {
            return Err(NotPrivate::Open(folder));
        }

        self.closed |= mode & OTHERS_ENTER == 0;
        self.here = folder;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use tempfile::TempDir;

    use super::*;

    /// Creates a folder that other users may enter, as home folders often are.
    fn home() -> TempDir {
        let home = tempfile::tempdir().unwrap();
        set_mode(home.path(), 0o755);
        home
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn folder(path: PathBuf, mode: u32) -> PathBuf {
        fs::create_dir(&path).unwrap();
        set_mode(&path, mode);
        path
    }

    #[test]
    fn a_missing_folder_is_created_private() {
        let home = home();
        let cache = home.path().join("a/b");
        let own = open(&cache).unwrap();
        let made = fs::metadata(&cache).unwrap();
        assert_eq!((made.uid(), made.mode() & 0o777), (own, 0o700));
        open(&cache).unwrap();
    }

    #[test]
    fn a_folder_that_others_can_write_is_rejected_also_as_a_parent() {
        let home = home();
        for mode in [0o777, 0o775, 0o757, 0o1777] {
            let cache = folder(home.path().join(format!("{mode:o}")), mode);
            assert!(
                matches!(open(&cache).unwrap_err(), NotPrivate::Open(path) if path == cache),
                "{mode:o}"
            );
            if mode & STICKY == 0 {
                let below = open(&cache.join("below")).unwrap_err();
                assert!(
                    matches!(below, NotPrivate::Open(path) if path == cache),
                    "{mode:o}"
                );
                assert!(!cache.join("below").exists(), "nothing is created there");
            } else {
                open(&cache.join("below")).unwrap();
            }
        }
    }

    #[test]
    fn a_folder_below_a_closed_folder_is_accepted() {
        let home = home();
        let closed = folder(home.path().join("closed"), 0o700);
        let within = folder(closed.join("within"), 0o777);
        open(&within.join("cache")).unwrap();
        open(&within).unwrap_err();
        folder(home.path().join("open"), 0o777);
        open(&within.join("../../open/cache")).unwrap_err();
    }

    #[test]
    fn every_link_of_a_path_is_checked() {
        let home = home();
        let (open_to_all, good) = (
            folder(home.path().join("open"), 0o777),
            folder(home.path().join("good"), 0o755),
        );
        symlink(&good, open_to_all.join("hop")).unwrap();
        symlink("open/hop", home.path().join("link")).unwrap();
        let refused = open(&home.path().join("link/cache")).unwrap_err();
        assert!(matches!(refused, NotPrivate::Open(path) if path == open_to_all));
        symlink(&good, home.path().join("straight")).unwrap();
        open(&home.path().join("straight/cache")).unwrap();
        symlink("round", home.path().join("round")).unwrap();
        open(&home.path().join("round/cache")).unwrap_err();
    }

    #[test]
    fn a_folder_of_another_user_is_rejected_also_as_a_parent() {
        let home = home();
        let cache = folder(home.path().join("cache"), 0o755);
        // Only root may change a file's owner. Any other user can use a folder of root.
        let theirs = match std::os::unix::fs::chown(&cache, Some(65534), None) {
            Ok(()) => cache,
            Err(_) => PathBuf::from("/usr"),
        };
        assert!(matches!(open(&theirs).unwrap_err(), NotPrivate::Foreign(path) if path == theirs));
        if fs::metadata(&theirs).unwrap().uid() != ROOT {
            assert!(
                matches!(open(&theirs.join("below")).unwrap_err(), NotPrivate::Foreign(path) if path == theirs)
            );
        }
    }
}
