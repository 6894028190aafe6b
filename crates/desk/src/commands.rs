//! The one list of commands.
//!
//! From it come the dispatcher, the names and the window's typed client
//! (`ui/src/api/generated.ts`). A command says in which state of the desk it may be called:
//! `anywhere` · `at_desk` (somebody is logged in, the desk is not locked and not handed over) ·
//! `waiting_at_desk` (the same, for a command that waits for the county or a password) ·
//! `in_hand_over` (at the desk, or while it is handed over to a parent); and after `may`, for what
//! action the login's role must stand. A command at the desk without one says why.

use porch_domain::channel::Channel;
use porch_domain::role::Action;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::desk::Desk;
use crate::refusal::{Code, Nothing, Refusal};
use crate::typescript::Declarations;
use crate::work::Where;
use crate::*;

fn parse<T: DeserializeOwned>(request: Value) -> Result<T, Refusal> {
    // serde's message may quote what was sent, so it goes no further.
    serde_json::from_value(request).map_err(|_| Code::MalformedRequest.into())
}

fn show<T: Serialize>(view: &T) -> Result<Value, Refusal> {
    serde_json::to_value(view).map_err(|_| Code::Internal.into())
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $place:ident $name:ident($Request:ty) -> $View:ty = $path:path $(, may $action:ident)?;)+) => {
        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),+];

        /// Every action that some command asks for before it begins.
        #[cfg(test)]
        pub(crate) const ASKED: &[Action] = &[$($(Action::$action,)?)+];

        pub(crate) async fn dispatch(desk: &Desk, name: &str, request: Value) -> Result<Value, Refusal> {
            match name {
                $(stringify!($name) => {
                    let request: $Request = parse(request)?;
                    let view: $View = commands!(@run $place desk, $path, request $(, $action)?)?;
                    show(&view)
                })+
                _ => Err(Code::UnknownCommand.into()),
            }
        }

        pub(crate) fn declare(declarations: &mut Declarations) {
            $(declarations.command::<$Request, $View>(stringify!($name), &[$($doc),+]);)+
        }
    };
    (@run anywhere $desk:ident, $path:path, $request:ident) => { $path($desk, $request).await };
    (@run at_desk $desk:ident, $path:path, $request:ident $(, $action:ident)?) => {
        $desk.work(Where::AtDesk, commands!(@action $($action)?), move |work| $path(work, $request)).await
    };
    (@run waiting_at_desk $desk:ident, $path:path, $request:ident, $action:ident) => {
        match $desk.at_work(Where::AtDesk, commands!(@action $action), |_| Ok(())) {
            Ok(()) => $path($desk, $request).await,
            Err(refusal) => Err(refusal),
        }
    };
    (@run in_hand_over $desk:ident, $path:path, $request:ident $(, $action:ident)?) => {
        $desk.work(Where::InHandOver, commands!(@action $($action)?), move |work| $path(work, $request)).await
    };
    (@action) => { None };
    (@action $action:ident) => { Some(Action::$action) };
}

commands! {
    /// What the window must know before anything else.
    anywhere status(Nothing) -> status::StatusView = status::status;
    /// How this computer shows things, as far as somebody chose it.
    anywhere look(Nothing) -> look::LookView = look::look;
    /// Chooses how this computer shows things.
    anywhere set_look(look::SetLookRequest) -> Nothing = look::set_look;
    /// Who may log in on this device.
    anywhere logins(Nothing) -> Vec<log_in::LoginChoice> = log_in::logins;
    /// Enrols this device with the county and makes its first login.
    anywhere set_up(set_up::SetUpRequest) -> status::StatusView = set_up::set_up;
    /// Opens the desk for a member of staff.
    anywhere log_in(log_in::LogInRequest) -> status::StatusView = log_in::log_in;
    /// Opens a locked desk for the same member of staff, or brings back the keys after a PIN did.
    anywhere unlock(log_in::UnlockRequest) -> status::StatusView = log_in::unlock;
    /// Opens a locked desk for the same member of staff by the PIN of this shift.
    anywhere unlock_with_pin(unlock_with_pin::UnlockWithPinRequest) -> status::StatusView = unlock_with_pin::unlock_with_pin;
    /// Chooses a PIN for this shift.
    anywhere set_pin(unlock_with_pin::SetPinRequest) -> status::StatusView = unlock_with_pin::set_pin;
    /// Forgets the PIN of this shift.
    anywhere forget_pin(Nothing) -> status::StatusView = unlock_with_pin::forget_pin;
    /// Hides everything at once; sync and running work go on.
    anywhere lock(Nothing) -> status::StatusView = log_in::lock;
    /// Logs out: forgets all keys.
    anywhere close(Nothing) -> status::StatusView = log_in::close;
    /// Chooses another password.
    anywhere change_password(log_in::ChangePasswordRequest) -> status::StatusView = log_in::change_password;
    /// Takes up an invitation by its one-time code, and logs in.
    anywhere accept_invitation(invite_login::AcceptInvitationRequest) -> status::StatusView = invite_login::accept_invitation;
    /// Lets a new member of staff in, or one who forgot the password.
    waiting_at_desk invite_login(invite_login::InviteRequest) -> invite_login::InvitationView = invite_login::invite_login, may InviteLogin;
    /// Makes a recovery code to be printed; the one before opens nothing from then on.
    waiting_at_desk make_recovery_code(Nothing) -> recover_login::RecoveryCodeView = recover_login::make_recovery_code, may InviteLogin;
    /// Makes a manager's login by the printed recovery code, and logs in.
    anywhere recover_login(recover_login::RecoverLoginRequest) -> status::StatusView = recover_login::recover_login;
    /// Sets after how long without a touch this device locks itself.
    at_desk set_idle_time(set_idle_time::SetIdleTimeRequest) -> Nothing = set_idle_time::set_idle_time, may ChangeDevice;

    /// Today's sessions and who is here.
    at_desk today(Nothing) -> today::TodayView = today::today, may SeeToday;
    /// Finds families by parts of names, phone tail, postcode or birth date.
    at_desk search(find_family::SearchRequest) -> find_family::SearchView = find_family::search, may FindFamily;
    /// Fetches a family of another centre by the full name and birth date of somebody in it.
    waiting_at_desk fetch_family(fetch_family::FetchFamilyRequest) -> fetch_family::FetchedFamilyView = fetch_family::fetch_family, may FetchFamily;
    /// Everything about a family on one page.
    at_desk family(open_family::FamilyRequest) -> open_family::FamilyView = open_family::family, may FindFamily;

    /// Signs family members in to a session.
    at_desk sign_in(sign_in::SignInRequest) -> sign_in::SignedInView = sign_in::sign_in, may SignIn;
    /// Signs people out.
    at_desk sign_out(sign_out::SignOutRequest) -> sign_out::SignedOutView = sign_out::sign_out, may SignIn;
    /// Takes back what was just done.
    at_desk undo(undo::UndoRequest) -> Nothing = undo::undo, may SignIn;

    // No action: the notices are public.
    /// The privacy notices in force, in every form and language.
    in_hand_over notices(Nothing) -> Vec<texts::NoticeView> = texts::notices;
    /// A notice as it was shown to somebody once.
    at_desk shown_notice(texts::NoticeSeen) -> texts::NoticeView = texts::shown_notice;
    /// Records that a notice was shown to members of a family.
    at_desk record_notice_shown(texts::RecordNoticeShownRequest) -> Nothing = texts::record_notice_shown, may Register;
    /// Checks a registration without saving it: problems, dates as understood, likely duplicates.
    at_desk check_registration(register::RegistrationRequest) -> register::RegistrationCheck = register::check_registration, may Register;
    /// Registers a family.
    at_desk register(register::RegistrationRequest) -> register::RegisteredView = register::register, may Register;
    /// Corrects a person's details.
    at_desk edit_person(edit::EditPersonRequest) -> Nothing = edit::edit_person, may ChangeFamily;
    /// Corrects a family's details.
    at_desk edit_family(edit::EditFamilyRequest) -> Nothing = edit::edit_family, may ChangeFamily;
    /// Moves a family to another centre.
    at_desk move_family(move_family::MoveFamilyRequest) -> Nothing = move_family::move_family, may MoveFamily;
    /// Merges two records of one person.
    at_desk merge_people(merge_people::MergePeopleRequest) -> Nothing = merge_people::merge_people, may MergePeople;
    /// Merges two records of one family, with everybody who is in both.
    at_desk merge_families(merge_people::MergeFamiliesRequest) -> Nothing = merge_people::merge_families, may MergePeople;
    /// Undoes a merge.
    at_desk unmerge(merge_people::UnmergeRequest) -> merge_people::UnmergedView = merge_people::unmerge, may MergePeople;
    /// Adds a new person to a family.
    at_desk add_member(edit::AddMemberRequest) -> edit::AddedMemberView = edit::add_member, may Register;
    /// Adds somebody who is known already: a child of two homes, a grandparent.
    at_desk add_existing_member(edit::AddExistingMemberRequest) -> Nothing = edit::add_existing_member, may Register;
    // The form says what action a draft of it needs.
    /// Keeps what was typed in a form.
    at_desk save_draft(draft::SaveDraftRequest) -> Nothing = draft::save_draft;
    /// What was typed in a form and not yet saved.
    at_desk draft(draft::DraftRequest) -> draft::DraftView = draft::draft;
    /// Throws a draft away.
    at_desk discard_draft(draft::DraftRequest) -> Nothing = draft::discard_draft;

    /// Records on what ground an adult decides for a child.
    at_desk record_authority(record_authority::RecordAuthorityRequest) -> record_authority::RecordedAuthorityView = record_authority::record_authority, may RecordAuthority;
    /// What people can be asked for, and in which languages.
    at_desk askable(Nothing) -> Vec<texts::AskableView> = texts::askable, may TakeConsent;
    /// Locks the program to one family's consent pages.
    at_desk begin_hand_over(hand_over::BeginHandOverRequest) -> hand_over::HandOverView = hand_over::begin_hand_over, may TakeConsent;
    // No action for the pages and what is decided on them: they are the parent's, opened by a login
    // that may take consent, and whoever logs in after a restart must be able to end them.
    /// The consent pages that the program is locked to.
    in_hand_over hand_over(Nothing) -> hand_over::HandOverView = hand_over::hand_over;
    /// What the parent who has taken the tablet answered before.
    in_hand_over earlier_answers(hand_over::EarlierAnswersRequest) -> Vec<hand_over::HeadView> = hand_over::earlier_answers;
    /// Keeps a parent's decisions.
    in_hand_over decide(decide::DecideRequest) -> decide::DecidedView = decide::decide;
    /// Ends the hand-over: needs the staff member's password.
    anywhere end_hand_over(log_in::UnlockRequest) -> status::StatusView = hand_over::end_hand_over;
    /// Takes consent back, and with it every picture that rested on it.
    at_desk withdraw_consent(withdraw_consent::WithdrawRequest) -> withdraw_consent::WithdrawnView = withdraw_consent::withdraw_consent, may WithdrawConsent;
    /// Which pictures a withdrawal would take away.
    at_desk withdrawal_check(withdrawal_check::WithdrawalCheckRequest) -> withdrawal_check::WithdrawalCheckView = withdrawal_check::withdrawal_check, may WithdrawConsent;
    /// The withdrawals that were reported and wait for a ruling.
    at_desk reported_withdrawals(Nothing) -> Vec<judge_consent::ReportView> = judge_consent::reported_withdrawals, may JudgeConsent;
    /// Rules on a withdrawal that was reported.
    at_desk rule_on_withdrawal(judge_consent::RuleOnWithdrawalRequest) -> judge_consent::JudgedView = judge_consent::rule_on_withdrawal, may JudgeConsent;
    /// Records that a decision was recorded by mistake.
    at_desk mark_misrecorded(judge_consent::MarkMisrecordedRequest) -> judge_consent::JudgedView = judge_consent::mark_misrecorded, may JudgeConsent;
    /// Records that somebody no longer decides for a child, or that it is in dispute whether they do.
    at_desk end_authority(judge_consent::EndAuthorityRequest) -> judge_consent::JudgedView = judge_consent::end_authority, may JudgeConsent;
    /// What is stopped for somebody, and why.
    at_desk stops(stop_use::StopsRequest) -> stop_use::StopsView = stop_use::stops, may StopUse;
    /// Stops the use of somebody's pictures or words, whatever was decided.
    at_desk stop_use(stop_use::StopUseRequest) -> judge_consent::JudgedView = stop_use::stop_use, may StopUse;
    /// Ends a stop.
    at_desk end_stop(stop_use::EndStopRequest) -> judge_consent::JudgedView = stop_use::end_stop, may StopUse;
    /// What somebody, or who decides for them, said when.
    at_desk consent_history(consent_history::ConsentHistoryRequest) -> Vec<consent_history::ConsentEventView> = consent_history::consent_history, may FindFamily;
    /// The receipt of decisions that were signed together, to look at and to print.
    at_desk receipt(show_receipt::ReceiptRequest) -> show_receipt::ReceiptView = show_receipt::receipt, may GiveReceipt;
    /// Saves that receipt as a PDF where files go on this computer.
    at_desk save_receipt(show_receipt::ReceiptRequest) -> papers::SavedFileView = show_receipt::save_receipt, may GiveReceipt;
    /// Tells whether the ledger holds just what a receipt says.
    at_desk check_receipt(check_receipt::CheckReceiptRequest) -> check_receipt::ReceiptCheckView = check_receipt::check_receipt, may GiveReceipt;
    /// Tells of each record or receipt in a file whether the ledger holds just what it says.
    at_desk check_records(check_receipt::CheckRecordsRequest) -> Vec<check_receipt::ReceiptCheckView> = check_receipt::check_records, may GiveReceipt;
    /// Saves the records of consent about somebody for other systems.
    at_desk export_consent(export_consent::ExportConsentRequest) -> papers::SavedFileView = export_consent::export_consent, may ExportConsent;

    /// Who of these people may be photographed at a session.
    at_desk photo_check(photo_check::PhotoCheckRequest) -> photo_check::PhotoCheckView = photo_check::photo_check, may AddPhoto;
    /// Who may not be photographed at a session, of those who are here and those who are expected.
    at_desk no_photos(no_photos::NoPhotosRequest) -> no_photos::NoPhotosView = no_photos::no_photos, may SeePhotos;
    /// Stores a picture of people who permit it.
    at_desk add_photo(add_photo::AddPhotoRequest) -> photos::PhotoView = add_photo::add_photo, may AddPhoto;
    /// The photos of a family or a session.
    at_desk photos(photos::PhotosRequest) -> Vec<photos::PhotoView> = photos::photos, may SeePhotos;
    /// Removes a photo or a quote for good, because somebody asks or it should not have been kept.
    at_desk remove_photo(remove_photo::RemovePhotoRequest) -> photos::PhotoView = remove_photo::remove_photo, may RecordTakedown;
    /// Stores a picture of a crowd in a public place.
    at_desk add_crowd_photo(crowds::AddCrowdPhotoRequest) -> photos::PhotoView = crowds::add_crowd_photo, may AddPhoto;
    /// The pictures of crowds.
    at_desk crowd_photos(Nothing) -> Vec<photos::PhotoView> = crowds::crowd_photos, may SeePhotos;
    /// A picture's bytes.
    at_desk photo_picture(photos::PhotoPictureRequest) -> photos::PictureView = photos::photo_picture, may SeePhotos;

    /// Whose words may be written down.
    at_desk quote_check(quotes::QuoteCheckRequest) -> Vec<photo_check::PhotoPersonView> = quotes::quote_check, may AddPhoto;
    /// Stores what somebody said who permits it.
    at_desk add_quote(quotes::AddQuoteRequest) -> photos::PhotoView = quotes::add_quote, may AddPhoto;
    /// What the members of a family said, or everybody.
    at_desk quotes(quotes::QuotesRequest) -> Vec<photos::PhotoView> = quotes::quotes, may SeePhotos;

    /// Where photos are published, and what has to come down.
    at_desk publications(publications::PublicationsRequest) -> Vec<publications::PublicationView> = publications::publications, may SeePhotos;
    /// How much has to come down, and by when.
    at_desk takedowns(Nothing) -> Option<publications::TakedownsView> = publications::takedowns, may RecordTakedown;
    /// Records where photos are published: for what everybody in them permits.
    at_desk publish_photos(publish::PublishPhotosRequest) -> Vec<publications::PublicationView> = publish::publish_photos, may PublishPhoto;
    /// Saves the files of publications, with what may be done with them.
    at_desk save_published(save_published::SavePublishedRequest) -> papers::SavedFileView = save_published::save_published, may PublishPhoto;
    /// What a picture may be used for.
    at_desk picture_channels(Nothing) -> Vec<Channel> = publications::picture_channels, may RecordTakedown;
    /// Somebody asks that a picture be taken down that is not in Porch.
    at_desk request_removal(publications::RequestRemovalRequest) -> publications::PublicationView = publications::request_removal, may RecordTakedown;
    /// Records how a publication ended.
    at_desk record_takedown(publications::RecordTakedownRequest) -> publications::PublicationView = publications::record_takedown, may RecordTakedown;

    /// Writes a sealed note that only safeguarding can read.
    at_desk write_concern(concern::WriteConcernRequest) -> concern::WrittenConcernView = concern::write_concern, may WriteConcern;
    /// The sealed notes, for those whose login holds the key.
    at_desk concerns(Nothing) -> Vec<concern::ConcernView> = concern::concerns, may ReadConcern;

    /// Orders that a person be erased, here and everywhere.
    at_desk erase_person(erase_person::ErasePersonRequest) -> erase_person::ErasureOrderedView = erase_person::erase_person, may ErasePerson;

    /// Meets the county server now; in the background that goes on, also while locked.
    waiting_at_desk sync_now(Nothing) -> status::StatusView = sync_now::sync_now, may Sync;
    /// Enrols this device once more, when the county does not know it any more; nothing here is lost.
    waiting_at_desk enrol_again(enrol_again::EnrolAgainRequest) -> status::StatusView = enrol_again::enrol_again, may ChangeDevice;
    /// Who saw and changed what on this device, and whether the chain is whole.
    at_desk audit(read_audit::AuditRequest) -> read_audit::AuditView = read_audit::audit, may ReadAudit;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked for inside a command, when it is known what it is about.
    const ASKED_INSIDE: [Action; 3] = [
        Action::OpenProtected,
        Action::VoidAttendance,
        Action::JudgeUnderstanding,
    ];

    #[test]
    fn every_action_of_the_table_is_asked_for() {
        for action in Action::ALL {
            assert!(
                ASKED.contains(action) || ASKED_INSIDE.contains(action),
                "{action}: nothing asks for it"
            );
        }
    }
}
