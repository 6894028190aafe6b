//! Bugs that the simulation must find. Each is written where it would be made, behind the feature
//! `simulation`, and does nothing until it is switched on for the thread at hand.

use std::cell::Cell;

/// A bug that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Planted {
    /// A value that lost to a concurrent one is not kept.
    ConflictForgotten,
    /// A device does not notice that the county was restored.
    EpochIgnored,
    /// What arrives covers what is unsent.
    UnsentCovered,
    /// A device's places are kept before the rows that they stand for.
    PlaceFirst,
    /// One answer counts for everything that is unsent.
    AllAnswered,
    /// An erasure leaves what transactions said.
    OutboxKeepsErased,
    /// After a removal the log is not folded into the file.
    LogNotFolded,
    /// Scopes are left before what is unsent was sent.
    LeftBeforeSent,
    /// A copy that gets its own number goes on counting where the other one stood.
    CopyKeepsCounting,
    /// Sequences of a feed are given to two units of work at once.
    SequenceUnheld,
    /// A sequence that was seen is answered whatever was sent under it.
    DigestNotCompared,
    /// What is quarantined is not kept.
    AsideForgotten,
    /// What comes about an erased person is taken in.
    LateWriteTaken,
    /// A withdrawal takes no picture down.
    FallenPhotoKept,
    /// Devices are told that a backup holds what it does not.
    BackupOverstated,
}

impl Planted {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::ConflictForgotten,
        Self::EpochIgnored,
        Self::UnsentCovered,
        Self::PlaceFirst,
        Self::AllAnswered,
        Self::OutboxKeepsErased,
        Self::LogNotFolded,
        Self::LeftBeforeSent,
        Self::CopyKeepsCounting,
        Self::SequenceUnheld,
        Self::DigestNotCompared,
        Self::AsideForgotten,
        Self::LateWriteTaken,
        Self::FallenPhotoKept,
        Self::BackupOverstated,
    ];
}

thread_local! {
    static SWITCHED_ON: Cell<Option<Planted>> = const { Cell::new(None) };
}

/// Switches one bug on for this thread, or all off.
pub fn plant(bug: Option<Planted>) {
    SWITCHED_ON.set(bug);
}

/// Whether a bug is switched on in this thread.
#[must_use]
pub fn is_planted(bug: Planted) -> bool {
    SWITCHED_ON.get() == Some(bug)
}
