//! Clusters: the postings of one vacancy.
//!
//! A company may post one vacancy once for each place, and on several boards. Each job belongs to
//! exactly one *cluster* (`cluster_jobs`), whose id stays the same when texts change. `membership`
//! decides the cluster of new and changed jobs in the transaction of their scan; `candidates` finds
//! the jobs that they may join, `prior` reads what changed jobs were before, and `company` keeps
//! the names by which candidates are found. A cluster has *versions*: one for each text that its
//! jobs have had. Alerts are unique per cluster, version and profile
//! ([`alerts`](crate::delivery::alerts)). `split` takes a job out of its cluster, and `also` reads
//! the other jobs of a cluster.
//!
//! Not here: the rules by which two texts are the same ([`job_scanner_core::vacancy`]).

pub(crate) mod also;
mod candidates;
pub(crate) mod company;
mod membership;
mod prior;
pub(crate) mod split;
#[cfg(test)]
mod tests;

pub(crate) use membership::Postings;
