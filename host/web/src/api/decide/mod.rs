//! What a person decides: about one job, about many, and about companies.

pub(super) mod companies;
pub(super) mod decisions;
pub(super) mod import;
