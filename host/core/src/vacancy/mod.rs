//! The identity of a vacancy: the rules by which two postings are one vacancy.
//!
//! A company may post one vacancy several times: once for each place, or on several boards. Two
//! postings have the same text if their titles and texts are equal after [`VacancyHashes`] has left
//! out the posting's own places and requisition numbers. Equal, never similar: a vacancy that is
//! shown twice is a smaller harm than one that is not shown.
//!
//! `requisition` recognizes the numbers, and `places` the names of the places.
//!
//! Not here: the postings that are compared, and the clusters that they form
//! (`job-scanner-store`).

mod places;
mod requisition;
mod vacancy;

pub use vacancy::{
    ClusterVersion, MIN_TEXT_CHARS, VacancyHash, VacancyHashes, company_key, has_whole_text,
    title_key,
};
