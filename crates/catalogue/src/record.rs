//! One struct with `#[derive(Record)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Expr, Field, Fields, Ident, Type};

use crate::field::Classification;

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let struct_name = &input.ident;
    let kind = snake(&struct_name.to_string());
    let said = Said::of(input)?;
    let (id_type, fields) = split_id(input)?;

    let mut names = Vec::new();
    let mut idents = Vec::new();
    let mut types = Vec::new();
    let mut entries = Vec::new();
    for field in &fields {
        let ident = name_of(field)?;
        let name = ident.to_string();
        entries.push(classification(field, ident)?.entry(&name, &field.ty));
        names.push(name);
        idents.push(ident);
        types.push(&field.ty);
    }
    let Said { shape, about } = said;

    Ok(quote! {
        const _: () = {
            #[allow(unused_imports)]
            use ::porch_domain::catalogue::*;
            #[allow(unused_imports)]
            use ::porch_domain::role::{self, Role, RoleSet};

            impl Record for #struct_name {
                type Id = #id_type;
                const KIND: &'static str = #kind;
                const ENTRY: &'static RecordEntry = &RecordEntry {
                    kind: #kind,
                    table: #kind,
                    shape: #shape,
                    about: #about,
                    fields: &[#(#entries),*],
                };

                fn id(&self) -> Self::Id {
                    self.id
                }

                fn to_fields(&self) -> FieldValues {
                    let mut fields = FieldValues::new();
                    #( fields.insert(#names.to_owned(), FieldValue::to_json(&self.#idents)); )*
                    fields
                }

                fn from_fields(id: Self::Id, fields: &FieldValues) -> Result<Self, MalformedRecord> {
                    Ok(Self {
                        id,
                        #( #idents: read_field::<#types>(#kind, #names, fields)?, )*
                    })
                }
            }

            impl ::core::fmt::Debug for #struct_name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::write!(f, "{}({})", #kind, self.id)
                }
            }
        };
    })
}

/// What `#[record(…)]` says.
struct Said {
    shape: TokenStream,
    about: Expr,
}

impl Said {
    fn of(input: &DeriveInput) -> syn::Result<Self> {
        let attribute = find(&input.attrs, "record").ok_or_else(|| {
            syn::Error::new(
                input.ident.span(),
                "a record says what it is: #[record(state, about = …)] or #[record(event, about = …)]",
            )
        })?;
        let mut shape = None;
        let mut about = None;
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("state") {
                shape = Some(quote! { Shape::State });
                Ok(())
            } else if meta.path.is_ident("event") {
                shape = Some(quote! { Shape::Event });
                Ok(())
            } else if meta.path.is_ident("about") {
                about = Some(meta.value()?.parse::<Expr>()?);
                Ok(())
            } else {
                Err(meta.error("a record says `state` or `event`, and `about = …`"))
            }
        })?;
        match (shape, about) {
            (Some(shape), Some(about)) => Ok(Self { shape, about }),
            (None, _) => Err(syn::Error::new(
                attribute.span(),
                "is it `state` (edited) or `event` (append-only)?",
            )),
            (_, None) => Err(syn::Error::new(
                attribute.span(),
                "`about = …`: whose record is it?",
            )),
        }
    }
}

fn split_id(input: &DeriveInput) -> syn::Result<(&Type, Vec<&Field>)> {
    let wrong = || {
        syn::Error::new(
            input.ident.span(),
            "a record is a struct whose first field is `id`",
        )
    };
    let Data::Struct(data) = &input.data else {
        return Err(wrong());
    };
    let Fields::Named(named) = &data.fields else {
        return Err(wrong());
    };
    let mut fields = named.named.iter();
    let id = fields
        .next()
        .filter(|field| field.ident.as_ref().is_some_and(|name| name == "id"))
        .ok_or_else(wrong)?;
    Ok((&id.ty, fields.collect()))
}

fn name_of(field: &Field) -> syn::Result<&Ident> {
    field
        .ident
        .as_ref()
        .ok_or_else(|| syn::Error::new(field.span(), "a record's fields have names"))
}

fn classification(field: &Field, name: &Ident) -> syn::Result<Classification> {
    let attribute = find(&field.attrs, "field").ok_or_else(|| {
        syn::Error::new(
            name.span(),
            format!("`{name}` has no classification: add #[field(<category>)] to say what kind of data it holds"),
        )
    })?;
    attribute.parse_args()
}

fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.path().is_ident(name))
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
