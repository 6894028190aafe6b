//! Closed sets of words: enums whose stored form is a fixed text.

/// Declares an enum whose stored, sent and TypeScript form is a fixed lower-case text.
///
/// Gives `ALL`, `word()`, `Display`, `FromStr`, serde, `ts_rs::TS` and the catalogue's column type.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $Name:ident { $($(#[$variant_meta:meta])* $Variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
                 serde::Serialize, serde::Deserialize, ts_rs::TS)]
        pub enum $Name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $Variant,)+
        }

        impl $Name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$Variant,)+];

            /// The stored and sent text form.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$Variant => $text,)+ }
            }
        }

        impl core::fmt::Display for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl core::str::FromStr for $Name {
            type Err = $crate::words::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($text => Ok(Self::$Variant),)+ _ => Err($crate::words::UnknownWord) }
            }
        }

        impl $crate::catalogue::FieldValue for $Name {
            const COLUMN: $crate::catalogue::ColumnType = $crate::catalogue::ColumnType::Text;
            fn to_json(&self) -> serde_json::Value { serde_json::Value::from(self.word()) }
            fn from_json(value: &serde_json::Value) -> Option<Self> { value.as_str()?.parse().ok() }
        }
    };
}
pub(crate) use words;

/// The text is none of the set's words. (The text itself is not kept: it could be anything.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known words")]
pub struct UnknownWord;
