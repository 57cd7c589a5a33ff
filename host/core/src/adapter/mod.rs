//! What an adapter asks for, and what it was granted.
//!
//! A [`Manifest`] is what an adapter says about itself: a request, read from the JSON that its
//! `describe` returns. [`Grants`] are what the operator accepted of it: hosts with methods and
//! rates, and who may receive which secret. A [`LockFile`] pins them, with the digest of the
//! component, to the adapter's file in one folder. Before a scan, a [`HostTarget`] becomes a host
//! by looking at what the operator wrote for the source.
//!
//! A source's options are held against the manifest's [`OptionsSchema`], a stranger's JSON Schema
//! that is checked for everything that could make the check slow or look elsewhere.
//!
//! The value of a secret is the host's alone: adapters, logs and rows see the [text](secret_text)
//! that stands for it.
//!
//! Not here: components, files and terminals (the host's sandbox and command line).

mod grants;
mod limits;
mod lock;
mod manifest;
mod method;
mod schema;
mod schema_bounds;
mod schema_checker;
mod secret_text;
mod shown;
mod target;

pub use self::grants::{DEFAULT_RATE, Grants, HostTerms};
pub use self::limits::{Limits, LimitsByAdapter};
pub use self::lock::{Accepted, Digest, DigestError, LockError, LockFile};
pub use self::manifest::{HostRequest, MAX_MANIFEST_BYTES, Manifest, ManifestError};
pub use self::method::{Method, MethodError};
pub use self::schema::{OptionProblem, OptionsSchema, SchemaError, pointer_below};
pub use self::schema_bounds::BoundsError;
pub use self::secret_text::{SecretMention, replace_secrets, secret_mentions, secret_text};
pub use self::target::{FromProblem, HostTarget, HostTargetError};
