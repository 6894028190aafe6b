//! The desk's actions, and the roles that may do them.

use super::{Role, RoleSet};
use crate::words::words;

words! {
    /// What a login may do, beyond seeing and changing fields.
    pub enum Action {
        /// See what is on today; who is here, as far as the role may see names.
        SeeToday = "see_today",
        /// Find a family and open it.
        FindFamily = "find_family",
        /// Fetch a family of another centre, whose people are here.
        FetchFamily = "fetch_family",
        /// See families that are hidden, and open one, with a reason.
        OpenProtected = "open_protected",
        /// Sign people in and out.
        SignIn = "sign_in",
        /// Take back an arrival or departure that somebody else recorded by mistake.
        VoidAttendance = "void_attendance",
        /// Register a newcomer and show the privacy notice.
        Register = "register",
        /// Change a family or person.
        ChangeFamily = "change_family",
        /// Move a family to another centre: it leaves this one's devices.
        MoveFamily = "move_family",
        /// Merge what was registered twice, and undo that.
        MergePeople = "merge_people",
        /// Record who may decide for a child.
        RecordAuthority = "record_authority",
        /// Judge that a young person understands, and so decides for themself.
        JudgeUnderstanding = "judge_understanding",
        /// Hand over for a consent decision.
        TakeConsent = "take_consent",
        /// Take a withdrawal.
        WithdrawConsent = "withdraw_consent",
        /// Rule on a withdrawal that was reported, find that a decision was recorded by mistake, end an authority.
        JudgeConsent = "judge_consent",
        /// Stop the use of somebody's pictures or words whatever was decided, and end that.
        StopUse = "stop_use",
        /// Give a receipt of consent, and tell whether one is genuine.
        GiveReceipt = "give_receipt",
        /// Export the records of consent about somebody for other systems.
        ExportConsent = "export_consent",
        /// See photos.
        SeePhotos = "see_photos",
        /// Store a photo.
        AddPhoto = "add_photo",
        /// Record where photos are published, and save their files for whoever puts them there.
        PublishPhoto = "publish_photo",
        /// Record how a publication ended, or that somebody asks for one to end; remove a photo or a quote for good.
        RecordTakedown = "record_takedown",
        /// Write a sealed note.
        WriteConcern = "write_concern",
        /// Read sealed notes.
        ReadConcern = "read_concern",
        /// Order that a person be erased.
        ErasePerson = "erase_person",
        /// Read the audit.
        ReadAudit = "read_audit",
        /// Send what waits to the county now. In the background that goes on for everybody.
        Sync = "sync",
        /// Let a member of staff make a login on this device; unlock one.
        InviteLogin = "invite_login",
        /// Set how this device behaves: after how long it locks itself.
        ChangeDevice = "change_device",
    }
}

/// May this role do this?
pub const fn can(role: Role, action: Action) -> bool {
    performers(action).contains(role)
}

/// The one table of roles and actions.
#[rustfmt::skip]
const fn performers(action: Action) -> RoleSet {
    use Role::{CountyIt, DataProtection, Helper, Manager, Outreach, Practitioner, Reception, Safeguarding};
    const STAFF: RoleSet = RoleSet::of(&[Reception, Outreach, Practitioner, Manager]);
    match action {
        Action::SeeToday => STAFF.with(Safeguarding).with(DataProtection).with(CountyIt).with(Helper),
        Action::FindFamily => STAFF.with(Safeguarding).with(DataProtection),
        Action::FetchFamily => STAFF.with(Safeguarding),
        Action::OpenProtected => RoleSet::of(&[Manager, Safeguarding, DataProtection]),
        Action::SignIn => STAFF.with(Helper),
        Action::VoidAttendance => STAFF,
        Action::Register => STAFF,
        Action::ChangeFamily => STAFF.with(DataProtection),
        Action::MoveFamily => RoleSet::of(&[Manager, Safeguarding]),
        Action::MergePeople => RoleSet::of(&[Practitioner, Manager, DataProtection]),
        Action::RecordAuthority => STAFF.with(Safeguarding),
        // Whoever may write why (`authority::Authority::reason`).
        Action::JudgeUnderstanding => RoleSet::of(&[Outreach, Practitioner, Manager, Safeguarding]),
        Action::TakeConsent => STAFF,
        // As easy as giving it, and at the data protection officer too (RGT.withdraw).
        Action::WithdrawConsent => STAFF.with(Safeguarding).with(DataProtection),
        Action::JudgeConsent => RoleSet::of(&[Manager, Safeguarding, DataProtection]),
        Action::StopUse => RoleSet::of(&[Safeguarding]),
        Action::GiveReceipt => STAFF.with(Safeguarding).with(DataProtection),
        Action::ExportConsent => RoleSet::of(&[DataProtection]),
        Action::SeePhotos => STAFF.with(Safeguarding).with(DataProtection),
        Action::AddPhoto => STAFF,
        Action::PublishPhoto => STAFF,
        Action::RecordTakedown => STAFF.with(Safeguarding).with(DataProtection),
        Action::WriteConcern => STAFF.with(Safeguarding).with(DataProtection).with(Helper),
        Action::ReadConcern => RoleSet::of(&[Safeguarding]),
        Action::ErasePerson => RoleSet::of(&[DataProtection]),
        Action::ReadAudit => RoleSet::of(&[Manager, Safeguarding, DataProtection]),
        Action::Sync => STAFF.with(Safeguarding).with(DataProtection).with(CountyIt),
        // Whoever holds the key to sealed notes must be able to pass it on.
        Action::InviteLogin => RoleSet::of(&[Manager, Safeguarding, CountyIt]),
        Action::ChangeDevice => RoleSet::of(&[Manager, CountyIt]),
    }
}
