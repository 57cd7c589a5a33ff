//! The years of experience that a description asks for.

mod phrases;
mod quantity;
mod sentence;
mod years;

#[cfg(test)]
mod tests;

pub use years::{Years, years};
