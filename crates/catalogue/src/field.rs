//! One `#[field(category, key = value, …)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, Token};

/// The words for categories, as written in `#[field(…)]`. `porch_domain::catalogue::Category` has
/// a variant for each and says what it means.
const CATEGORIES: &[&str] = &[
    "name",
    "contact",
    "next_of_kin",
    "gp",
    "birth_date",
    "gender",
    "employment",
    "image",
    "nhs_number",
    "other_id",
    "postal_address",
    "email",
    "parent_carer",
    "emergency_contact",
    "opinion",
    "family",
    "housing",
    "lifestyle",
    "health",
    "belief",
    "sexual_orientation",
    "ethnic_origin",
    "criminal",
    "attendance",
    "consent",
    "safeguarding",
    "informed",
    "rights",
    "workforce",
    "staff",
    "place",
    "told",
    "technical",
];

/// What a field may say that differs from its category.
const KEYS: &[&str] = &[
    "sensitivity",
    "subject",
    "purpose",
    "basis",
    "condition",
    "readers",
    "writers",
    "retention",
    "subject_access",
    "erasure",
    "portable",
    "notice",
];

pub(crate) struct Classification {
    category: Ident,
    differs: Vec<(Ident, Expr)>,
}

impl Parse for Classification {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let word: Ident = input.parse()?;
        if !CATEGORIES.contains(&word.to_string().as_str()) {
            return Err(syn::Error::new(
                word.span(),
                format!(
                    "`{word}` is no category of data; the categories are: {}",
                    CATEGORIES.join(", ")
                ),
            ));
        }
        let category = format_ident!("{}", camel(&word.to_string()), span = word.span());
        let mut differs = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key: Ident = input.parse()?;
            if !KEYS.contains(&key.to_string().as_str()) {
                return Err(syn::Error::new(
                    key.span(),
                    format!(
                        "`{key}` is not part of a classification; it may say: {}",
                        KEYS.join(", ")
                    ),
                ));
            }
            input.parse::<Token![=]>()?;
            differs.push((key, input.parse()?));
        }
        Ok(Self { category, differs })
    }
}

impl Classification {
    /// The constant expression for this field's entry in the catalogue.
    pub(crate) fn entry(&self, name: &str, ty: &syn::Type) -> TokenStream {
        let category = &self.category;
        let differs = self
            .differs
            .iter()
            .map(|(key, value)| quote! { entry.#key = #value; });
        let make = quote! {
            FieldEntry::of(
                #name,
                <#ty as FieldValue>::COLUMN,
                <#ty as FieldValue>::NULLABLE,
                <#ty as FieldValue>::TEXT,
                Category::#category,
            )
        };
        if self.differs.is_empty() {
            make
        } else {
            quote! {{
                let mut entry = #make;
                #(#differs)*
                entry
            }}
        }
    }
}

fn camel(word: &str) -> String {
    let mut out = String::new();
    for part in word.split('_') {
        let mut letters = part.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.extend(letters);
    }
    out
}
