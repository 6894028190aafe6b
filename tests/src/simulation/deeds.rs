//! What people at the desks do, and how often.

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    /// Registers a family.
    Register,
    /// Edits a field of a person or of a home.
    Edit,
    /// Edits a field that only a newer program knows.
    EditNewer,
    /// Signs somebody in.
    Arrive,
    /// Signs somebody out.
    Leave,
    /// Takes an arrival back.
    Void,
    /// Writes a sealed note.
    Note,
    /// Records an authority.
    Authorise,
    /// Records that one ended, or is disputed.
    EndAuthority,
    /// Records a decision.
    Decide,
    /// Records that it was taken back.
    Withdraw,
    /// Rules on a withdrawal, finds a mistake, stops somebody's pictures, or ends a stop.
    Judge,
    /// Stores a photo.
    Photograph,
    /// Publishes a photo, or records that it is there no longer.
    Publish,
    /// Stores a picture of a crowd.
    Gather,
    /// Has a photo taken away.
    Object,
    /// Moves a family to another centre.
    Move,
    /// Ends somebody's place in a family.
    Part,
    /// Fetches a family of another centre.
    Fetch,
    /// Orders that somebody is erased.
    Erase,
    /// Says that two records are one person, or one family.
    Merge,
    /// Says that they are not.
    Unmerge,
    /// Makes something in a scope that is not the device's, as a faulty program might.
    Stray,
}

/// Each as often as its weight says.
pub(super) const DEEDS: &[(usize, Deed)] = &[
    (12, Deed::Register),
    (22, Deed::Edit),
    (3, Deed::EditNewer),
    (7, Deed::Arrive),
    (4, Deed::Leave),
    (2, Deed::Void),
    (2, Deed::Note),
    (5, Deed::Authorise),
    (2, Deed::EndAuthority),
    (10, Deed::Decide),
    (4, Deed::Withdraw),
    (4, Deed::Judge),
    (9, Deed::Photograph),
    (4, Deed::Move),
    (2, Deed::Part),
    (4, Deed::Fetch),
    (3, Deed::Erase),
    (3, Deed::Merge),
    (1, Deed::Unmerge),
    (2, Deed::Stray),
];

/// Where pictures are published as well. Worlds of their own: each deed more changes all that follows.
pub(super) const DEEDS_AND_PUBLISHING: &[(usize, Deed)] = &[
    (10, Deed::Register),
    (18, Deed::Edit),
    (6, Deed::Authorise),
    (12, Deed::Decide),
    (5, Deed::Withdraw),
    (5, Deed::Judge),
    (2, Deed::EndAuthority),
    (14, Deed::Photograph),
    (14, Deed::Publish),
    (3, Deed::Gather),
    (3, Deed::Object),
    (4, Deed::Move),
    (3, Deed::Fetch),
    (4, Deed::Erase),
    (3, Deed::Merge),
];
