//! Stubs: who somebody is that content shows at a centre which is not theirs.

use crate::catalogue::Record;
use crate::id::{PersonId, StubId};

/// Who somebody is, and nothing else. Made by the county where a photo shows them and the rest of
/// their record is another centre's; it goes with the photo. Its id is derived
/// ([`crate::id::derive_stub_id`]).
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::People(&["person"]))]
pub struct Stub {
    /// Its identifier.
    pub id: StubId,
    /// Who it is.
    #[field(name, subject = Whose::NamedHere)]
    pub person: PersonId,
    /// Given names.
    #[field(name)]
    pub given_name: Option<String>,
    /// Family name.
    #[field(name)]
    pub family_name: Option<String>,
}
