//! The permissions that an adapter requests and is granted.
//!
//! A [`Manifest`] is the description that an adapter returns from `describe`; it is a request.
//! [`Grants`] are the part that the operator accepted: hosts with methods and rates, and the
//! receivers of each secret. A [`LockFile`] pins them, together with the digest of the component,
//! to the adapter's file in one folder. Before a scan, a [`HostTarget`] is resolved to a host by
//! means of the source's identifier and options.
//!
//! A source's options are validated with the manifest's [`OptionsSchema`]. This JSON Schema comes
//! from a third party. It is rejected if validation could become slow or if it refers to something
//! outside of itself.
//!
//! Only the host knows the value of a secret. Adapters, logs and rows hold the
//! [placeholder](secret_text) instead.
//!
//! Not here: components, files and terminals (the host's sandbox and command line).

mod grants;
mod limits;
mod lock;
mod manifest;
mod manifest_keys;
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
pub use self::manifest_keys::UnknownKey;
pub use self::method::{Method, MethodError};
pub use self::schema::{OptionProblem, OptionsSchema, SchemaError, pointer_below};
pub use self::schema_bounds::BoundsError;
pub use self::secret_text::{SecretMention, replace_secrets, secret_mentions, secret_text};
pub use self::target::{HostTarget, HostTargetError, UnresolvedHost};
