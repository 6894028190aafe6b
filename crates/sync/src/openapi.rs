//! The schemas of what writes itself as text, which a derive cannot know.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, schema::SchemaType};
use utoipa::{PartialSchema, ToSchema};

use crate::clock::Hlc;
use crate::sealed::Bytes;
use crate::version::Version;

fn text(description: &str, pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .description(Some(description))
        .pattern(Some(pattern))
        .into()
}

impl<const N: usize> PartialSchema for Bytes<N> {
    fn schema() -> RefOr<Schema> {
        text(
            &format!("{N} bytes, hexadecimal."),
            &format!("^[0-9a-f]{{{}}}$", 2 * N),
        )
    }
}

impl<const N: usize> ToSchema for Bytes<N> {
    fn name() -> Cow<'static, str> {
        format!("Hex{N}").into()
    }
}

impl PartialSchema for Hlc {
    fn schema() -> RefOr<Schema> {
        text(
            "A reading of the hybrid clock, hexadecimal: 48 bits of milliseconds since 1970 (UTC), 16 bits of counter.",
            "^[0-9a-f]{16}$",
        )
    }
}

impl ToSchema for Hlc {
    fn name() -> Cow<'static, str> {
        "Clock".into()
    }
}

impl PartialSchema for Version {
    fn schema() -> RefOr<Schema> {
        text(
            "The write that a value came from: clock, device and the device's sequence.",
            "^[0-9a-f]{16}\\.[0-9]+\\.[0-9]+$",
        )
    }
}

impl ToSchema for Version {
    fn name() -> Cow<'static, str> {
        "Version".into()
    }
}
