//! Lists of jobs in which some may be malformed.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::each::Each;
use super::json::decode_each;
use crate::SourceError;

/// A list whose elements have not been parsed yet.
#[derive(Debug, Default, Deserialize)]
pub struct Elements<'a>(#[serde(borrow)] pub Vec<&'a RawValue>);

impl<'a> Elements<'a> {
    /// Parses the elements one by one. `name` is the list's name in error messages.
    ///
    /// # Errors
    ///
    /// [`SourceError::UnexpectedResponse`] if every element is malformed: the board has changed.
    pub fn read<T: Deserialize<'a>>(&self, name: &str) -> Result<Each<T>, SourceError> {
        let each = decode_each(name, &self.0);
        match each.unreadable.first() {
            Some(first) if each.read.is_empty() => {
                Err(SourceError::UnexpectedResponse(first.clone()))
            }
            _ => Ok(each),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Each<u8>, SourceError> {
        serde_json::from_str::<Elements>(body)
            .expect("a list")
            .read("jobs")
    }

    #[test]
    fn a_malformed_element_does_not_hide_the_others() {
        let each = read("[1, {}, 3]").expect("a readable list");
        assert_eq!((each.read, each.unreadable.len()), (vec![1, 3], 1));
        assert!(
            each.unreadable[0].starts_with("jobs[1]: invalid type: map"),
            "{}",
            each.unreadable[0]
        );
    }

    #[test]
    fn an_empty_list_is_valid_and_a_list_of_malformed_elements_is_an_error() {
        assert!(read("[]").expect("an empty list").read.is_empty());
        let error = read("[{}, 300]").expect_err("only malformed elements");
        assert!(
            matches!(&error, SourceError::UnexpectedResponse(message) if message.starts_with("jobs[0]: ")),
            "{error:?}"
        );
    }
}
