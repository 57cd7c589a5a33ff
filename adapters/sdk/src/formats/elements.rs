//! A board's list of jobs, in which one odd job does not hide the others.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::each::Each;
use super::json::decode_each;
use crate::SourceError;

/// A list as it stands in an answer, its elements still unread.
#[derive(Debug, Default, Deserialize)]
pub struct Elements<'a>(#[serde(borrow)] pub Vec<&'a RawValue>);

impl<'a> Elements<'a> {
    /// Reads the elements one by one. `name` is the list's, as errors should call it.
    ///
    /// A list of nothing but odd ones is an error: then it is the board that changed, not a job
    /// that is broken.
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
    fn one_odd_element_does_not_hide_the_others() {
        let each = read("[1, {}, 3]").expect("a readable list");
        assert_eq!((each.read, each.unreadable.len()), (vec![1, 3], 1));
        assert!(
            each.unreadable[0].starts_with("jobs[1]: invalid type: map"),
            "{}",
            each.unreadable[0]
        );
    }

    #[test]
    fn an_empty_list_is_empty_and_one_of_nothing_but_odd_elements_an_error() {
        assert!(read("[]").expect("an empty list").read.is_empty());
        let error = read("[{}, 300]").expect_err("nothing to read");
        assert!(
            matches!(&error, SourceError::UnexpectedResponse(words) if words.starts_with("jobs[0]: ")),
            "{error:?}"
        );
    }
}
