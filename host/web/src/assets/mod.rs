//! The files that pages load: the style, the script and the icon.
//!
//! The name of each contains a hash of its bytes. So a browser may keep it forever, and a new
//! version of the program has new names.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest as _, Sha256};

use crate::routes::{Access, Routes};

pub(crate) static STYLE: Asset = Asset::new(
    "style",
    "css",
    "text/css; charset=utf-8",
    concat!(include_str!("style.css"), include_str!("operate.css")),
);
pub(crate) static SCRIPT: Asset = Asset::new(
    "app",
    "js",
    "text/javascript; charset=utf-8",
    concat!(include_str!("app.js"), include_str!("live.js")),
);
pub(crate) static ICON: Asset =
    Asset::new("icon", "svg", "image/svg+xml", include_str!("icon.svg"));

/// The number of bytes of the hash in a name: no two versions of one file share them by chance.
const HASH_BYTES: usize = 8;

/// A file in the program.
pub(crate) struct Asset {
    stem: &'static str,
    extension: &'static str,
    content_type: &'static str,
    content: &'static str,
    path: OnceLock<String>,
}

impl Asset {
    const fn new(
        stem: &'static str,
        extension: &'static str,
        content_type: &'static str,
        content: &'static str,
    ) -> Self {
        Self {
            stem,
            extension,
            content_type,
            content,
            path: OnceLock::new(),
        }
    }

    /// Returns the path, such as `/assets/style-0123456789abcdef.css`.
    pub(crate) fn path(&self) -> &str {
        self.path.get_or_init(|| {
            let digest = Sha256::digest(self.content);
            let (hash, _) = digest.split_at(HASH_BYTES);
            let hash = hash.iter().fold(String::new(), |mut hash, byte| {
                // Writing to a string cannot fail.
                let _ = write!(hash, "{byte:02x}");
                hash
            });
            format!("/assets/{}-{hash}.{}", self.stem, self.extension)
        })
    }
}

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    let add = |routes: Routes, asset: &'static Asset| {
        let headers = [
            (CONTENT_TYPE, asset.content_type),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ];
        let handler = async move || (headers, asset.content);
        routes.get(asset.path(), Access::Public, handler)
    };
    [&STYLE, &SCRIPT, &ICON]
        .into_iter()
        .fold(Routes::default(), add)
}
