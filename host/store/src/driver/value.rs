//! The values that are bound to a statement.

use std::borrow::Cow;

/// A bound value. Text and bytes are borrowed where the caller keeps them until the statement is
/// executed. `None` is NULL: also a NULL has a type, which PostgreSQL asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Integer(Option<i64>),
    Text(Option<Cow<'v, str>>),
    Boolean(Option<bool>),
    Bytes(Option<Cow<'v, [u8]>>),
}

/// A type whose values can be bound.
pub(crate) trait Bind<'v> {
    /// Returns the value to bind.
    fn value(self) -> Value<'v>;

    /// Returns NULL of this type.
    fn null() -> Value<'v>;
}

macro_rules! bind {
    ($($type:ty => $variant:ident($convert:expr);)+) => {$(
        impl<'v> Bind<'v> for $type {
            fn value(self) -> Value<'v> {
                Value::$variant(Some($convert(self)))
            }

            fn null() -> Value<'v> {
                Value::$variant(None)
            }
        }
    )+};
}

bind! {
    i64 => Integer(i64::from);
    i32 => Integer(i64::from);
    u32 => Integer(i64::from);
    u16 => Integer(i64::from);
    u8 => Integer(i64::from);
    bool => Boolean(bool::from);
    &'v str => Text(Cow::Borrowed);
    &'v String => Text(|text: &'v String| Cow::Borrowed(text.as_str()));
    String => Text(Cow::Owned);
    &'v [u8] => Bytes(Cow::Borrowed);
    Vec<u8> => Bytes(Cow::Owned);
}

impl<'v, T: Bind<'v>> Bind<'v> for Option<T> {
    fn value(self) -> Value<'v> {
        self.map_or_else(T::null, T::value)
    }

    fn null() -> Value<'v> {
        T::null()
    }
}

impl<'v, T> Bind<'v> for &'v Option<T>
where
    &'v T: Bind<'v>,
{
    fn value(self) -> Value<'v> {
        self.as_ref().value()
    }

    fn null() -> Value<'v> {
        <&T>::null()
    }
}
