//! The text of a statement with its values.

use std::borrow::Cow;

use crate::driver::value::{Bind, Value};

/// An SQL statement and the values that are bound to it.
///
/// The text either names its values itself (`$1`, `$2`), which [`bind`](Self::bind) then adds in
/// this order, or it is built in pieces: [`push_bind`](Self::push_bind) writes a placeholder and
/// adds the value. A text does not do both. Each database keeps prepared statements by their text,
/// so the same text is prepared once for each connection.
#[derive(Debug)]
#[must_use = "a statement does nothing until it is executed"]
pub(crate) struct Statement<'v> {
    pub(super) text: Cow<'static, str>,
    /// The positions of the placeholders that were pushed, in bytes.
    placeholders: Vec<usize>,
    pub(super) values: Vec<Value<'v>>,
}

/// The values of one row of [`Statement::push_values`].
pub(crate) struct RowOfValues<'s, 'v> {
    statement: &'s mut Statement<'v>,
    is_empty: bool,
}

impl<'v> Statement<'v> {
    /// Returns the statement with this text, without values.
    pub(crate) fn new(text: &'static str) -> Self {
        Self::composed(text)
    }

    /// Returns the statement with a text that the program has put together. The text may contain
    /// names of tables and columns, but no text from outside.
    pub(crate) fn composed(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            text: text.into(),
            placeholders: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds the value of the next `$n`.
    pub(crate) fn bind(mut self, value: impl Bind<'v>) -> Self {
        self.values.push(value.value());
        self
    }

    /// Returns the text as SQLite gets it.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Appends a piece of text.
    pub(crate) fn push(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.text.to_mut().push_str(text.as_ref());
        self
    }

    /// Appends a placeholder and adds its value.
    pub(crate) fn push_bind(&mut self, value: impl Bind<'v>) -> &mut Self {
        self.placeholders.push(self.text.len());
        self.values.push(value.value());
        self.push("?")
    }

    /// Appends values, separated by commas, and the closing bracket. The caller has pushed the
    /// opening one.
    pub(crate) fn push_list<T: Bind<'v>>(&mut self, values: impl IntoIterator<Item = T>) {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.push_bind(value);
        }
        self.push(")");
    }

    /// Appends `VALUES` and one row for each item, whose values `row` pushes.
    pub(crate) fn push_values<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut row: impl FnMut(RowOfValues<'_, 'v>, T),
    ) {
        self.push("VALUES ");
        for (index, item) in items.into_iter().enumerate() {
            self.push(if index == 0 { "(" } else { ", (" });
            let values = RowOfValues {
                statement: self,
                is_empty: true,
            };
            row(values, item);
            self.push(")");
        }
    }
}

impl<'v> RowOfValues<'_, 'v> {
    /// Appends a placeholder and adds its value.
    pub(crate) fn push_bind(&mut self, value: impl Bind<'v>) -> &mut Self {
        self.separate();
        self.statement.push_bind(value);
        self
    }

    /// Appends an expression.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.separate();
        self.statement.push(text);
        self
    }

    /// Appends a placeholder to the expression before it, and adds its value.
    pub(crate) fn push_bind_unseparated(&mut self, value: impl Bind<'v>) -> &mut Self {
        self.statement.push_bind(value);
        self
    }

    /// Appends text to the expression before it.
    pub(crate) fn push_unseparated(&mut self, text: &str) -> &mut Self {
        self.statement.push(text);
        self
    }

    fn separate(&mut self) {
        if !self.is_empty {
            self.statement.push(", ");
        }
        self.is_empty = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_in_pieces_has_a_placeholder_for_each_value() {
        let mut statement = Statement::new("INSERT INTO pairs (name, number) ");
        statement.push_values([("a?", 1), ("b", 2)], |mut row, (name, number)| {
            row.push_bind(name)
                .push("abs(")
                .push_bind_unseparated(number)
                .push_unseparated(")");
        });
        statement.push(" ON CONFLICT DO UPDATE SET number = 0 WHERE name IN (");
        statement.push_list(["c", "d", "e"]);
        statement.push(" AND number <> ").push_bind(None::<i64>);

        assert_eq!(
            statement.text(),
            "INSERT INTO pairs (name, number) VALUES (?, abs(?)), (?, abs(?)) ON CONFLICT DO UPDATE \
             SET number = 0 WHERE name IN (?, ?, ?) AND number <> ?"
        );
        assert_eq!(statement.values.len(), 8);
        assert_eq!(statement.values[1], Value::Integer(Some(1)));
        assert_eq!(statement.values[7], Value::Integer(None));
    }

    #[test]
    fn the_text_of_the_caller_is_not_copied() {
        let title = "Engineer".to_owned();
        let statement = Statement::new("SELECT $1").bind(&title);
        let Value::Text(Some(Cow::Borrowed(text))) = statement.values[0] else {
            panic!("{:?}", statement.values);
        };
        assert_eq!(text.as_ptr(), title.as_ptr());
        assert!(matches!(statement.text, Cow::Borrowed(_)));
    }
}
