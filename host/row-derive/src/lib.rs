//! The derive macro [`FromRow`], which reads a struct from the columns of a row.
//!
//! The database driver has such a macro, too. It contains the whole driver a second time, with
//! SQLite, because another macro of the same crate checks statements while they are compiled. A
//! build of everything would take half a minute longer.

use proc_macro::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Error, Field, Fields, Ident, Type};

/// Implements `sqlx::FromRow` for a struct with named fields, for rows of every database that has
/// the types of the fields.
///
/// A field is read from the column of the same name. A field with `#[row(flatten)]` is itself a
/// struct, which is read from the same row. A field with `#[row(skip)]` gets its default.
#[proc_macro_derive(FromRow, attributes(row))]
pub fn from_row(item: TokenStream) -> TokenStream {
    let implemented = syn::parse(item).and_then(|item: DeriveInput| implementation(&item));
    implemented.unwrap_or_else(Error::into_compile_error).into()
}

fn implementation(item: &DeriveInput) -> Result<proc_macro2::TokenStream, Error> {
    let fields = fields_of(item)?;
    let name = &item.ident;

    let mut bounds = Vec::with_capacity(fields.len());
    let mut values = Vec::with_capacity(fields.len());
    for (field_name, field) in fields {
        let ty = &field.ty;
        let source = Source::of(field)?;
        bounds.extend(source.bound(ty));
        values.push(source.value(field_name));
    }

    Ok(quote! {
        impl<'row, R> ::sqlx::FromRow<'row, R> for #name
        where
            R: ::sqlx::Row,
            &'static str: ::sqlx::ColumnIndex<R>,
            #(#bounds,)*
        {
            fn from_row(row: &'row R) -> ::core::result::Result<Self, ::sqlx::Error> {
                ::core::result::Result::Ok(Self { #(#values,)* })
            }
        }
    })
}

/// Returns the fields with their names. Rejects what is not a struct with named fields, and one
/// with parameters, which no row needs.
fn fields_of(item: &DeriveInput) -> Result<Vec<(&Ident, &Field)>, Error> {
    let Data::Struct(data) = &item.data else {
        return Err(Error::new_spanned(&item.ident, "not a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(&item.ident, "its fields have no names"));
    };
    if !item.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &item.generics,
            "a row has no parameters",
        ));
    }

    let named = fields.named.iter();
    Ok(named
        .filter_map(|field| Some((field.ident.as_ref()?, field)))
        .collect())
}

/// The origin of a field's value.
enum Source {
    Column,
    SameRow,
    Default,
}

impl Source {
    fn of(field: &Field) -> Result<Self, Error> {
        let mut source = Self::Column;
        let attributes = field.attrs.iter();
        for attribute in attributes.filter(|attribute| attribute.path().is_ident("row")) {
            attribute.parse_nested_meta(|meta| {
                source = if meta.path.is_ident("flatten") {
                    Self::SameRow
                } else if meta.path.is_ident("skip") {
                    Self::Default
                } else {
                    return Err(meta.error("neither `flatten` nor `skip`"));
                };
                Ok(())
            })?;
        }
        Ok(source)
    }

    /// Returns the condition under which a field can be read. `None` for a default, which is not
    /// read.
    fn bound(&self, ty: &Type) -> Option<proc_macro2::TokenStream> {
        match self {
            Self::Column => Some(quote! {
                #ty: ::sqlx::Decode<'row, R::Database> + ::sqlx::Type<R::Database>
            }),
            Self::SameRow => Some(quote! { #ty: ::sqlx::FromRow<'row, R> }),
            Self::Default => None,
        }
    }

    fn value(&self, name: &Ident) -> proc_macro2::TokenStream {
        // The name of a column may be a keyword of Rust.
        let column = name.unraw().to_string();
        match self {
            Self::Column => quote! { #name: ::sqlx::Row::try_get(row, #column)? },
            Self::SameRow => quote! { #name: ::sqlx::FromRow::from_row(row)? },
            Self::Default => quote! { #name: ::core::default::Default::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_from_a_row_is_rejected() {
        for (item, expected) in [
            ("enum Id { A }", "not a struct"),
            ("struct Id(i64);", "its fields have no names"),
            ("struct Id<T> { id: T }", "a row has no parameters"),
            (
                "struct Id { #[row(rename)] id: i64 }",
                "neither `flatten` nor `skip`",
            ),
        ] {
            let item = syn::parse_str(item).unwrap();
            let error = implementation(&item).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn the_column_of_a_keyword_has_its_plain_name() {
        let item = syn::parse_str("struct Column { r#type: String }").unwrap();
        let implemented = implementation(&item).unwrap().to_string();
        assert!(implemented.contains("\"type\""), "{implemented}");
    }
}
