//! Letting a new member of staff in by a one-time code, or one who forgot the password.

use porch_domain::id::UserId;
use porch_domain::role::{Action, Role, can};
use porch_domain::time::Instant;
use porch_store::audit::{AuditEntry, Deed};
use porch_store::keys::{KeyError, Keys, OneTimeCode, Password, User};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::log_in::{open_by, slots};
use crate::refusal::{Code, Refusal};
use crate::status::StatusView;
use crate::work::{Where, make_id};

/// Who is to be let in.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteRequest {
    /// Somebody with a login here who needs a new password; none for somebody new.
    pub user: Option<UserId>,
    /// What colleagues call them.
    pub name: String,
    /// Their role.
    pub role: Role,
}

/// A one-time code, to be read out and then forgotten.
#[derive(Serialize, TS)]
pub(crate) struct InvitationView {
    /// The user.
    pub user: UserId,
    /// The code in groups, shown once.
    pub code: String,
    /// Until when it holds; UTC.
    pub expires_at: String,
}

/// A code and the password chosen.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitationRequest {
    /// The user.
    pub user: UserId,
    /// The code as typed.
    pub code: String,
    /// The password chosen.
    pub password: String,
}

const NAME_CHARS: usize = 80;

/// Who lets somebody in.
pub(crate) struct Inviter {
    role: Role,
    holds_notes_key: bool,
}

impl Inviter {
    pub(crate) fn of(role: Role, keys: &Keys) -> Self {
        Self {
            role,
            holds_notes_key: !keys.restricted.is_empty(),
        }
    }

    /// Whether they may make a login of this role, or one anew for somebody who has it: nobody
    /// passes on, or takes away, a key that they do not hold, and who keeps the computers running
    /// does not let themselves in to the families.
    pub(crate) fn may_make(&self, role: Role) -> Result<(), Refusal> {
        let needs_key = can(role, Action::ReadConcern);
        let beyond = self.role == Role::CountyIt && role != Role::CountyIt;
        if beyond || needs_key && !self.holds_notes_key {
            return Err(Refusal::of_field("role", Code::NotAllowed));
        }
        Ok(())
    }
}

/// The name of a login as typed, without what surrounds it.
pub(crate) fn check_name(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Refusal::of_field("name", Code::Required));
    }
    if name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Refusal::of_field("name", Code::InvalidName));
    }
    Ok(name.to_owned())
}

pub(crate) async fn invite_login(
    desk: &Desk,
    request: InviteRequest,
) -> Result<InvitationView, Refusal> {
    let name = check_name(&request.name)?;
    let (keys, store, by, own) =
        desk.at_work(Where::AtDesk, Some(Action::InviteLogin), |opened| {
            let keys = opened.keys.clone().ok_or(Code::PasswordNeeded)?;
            let login = &opened.login;
            Ok((keys, opened.store.clone(), login.user, login.role))
        })?;
    let inviter = Inviter::of(own, &keys);
    inviter.may_make(request.role)?;
    let keys = if can(request.role, Action::ReadConcern) {
        keys
    } else {
        Keys::of_database(keys.database)
    };
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            let (slots, secret) = (
                slots(&desk)?,
                desk.device_secret(desk.identity()?.installation)?,
            );
            let now = desk.now();
            let (id, was) = match request.user {
                Some(user) => {
                    let mut known = slots.list()?.into_iter().map(|slot| slot.user);
                    let known = known.find(|known| UserId::from(known.id) == user);
                    let was: Role = known.ok_or(Code::NotFound)?.role.parse()?;
                    inviter.may_make(was)?;
                    (user, was.word())
                }
                None => (make_id(now)?, "new"),
            };
            let entry = AuditEntry {
                at: now,
                user: by,
                deed: Deed::Invited,
                purpose: "invite_login",
                record: Some(("login", id.into())),
                fields: &[was, request.role.word()],
            };
            store.write(|write| write.audit(&entry).map_err(Refusal::from))?;
            let user = User {
                id: id.into(),
                name,
                role: request.role.word().to_owned(),
            };
            let invitation = slots.invite(user, &keys, &secret, now.unix_ms())?;
            Ok(InvitationView {
                user: id,
                code: invitation.code.grouped().to_string(),
                expires_at: Instant::from_unix_ms(invitation.expires_ms).to_string(),
            })
        })
        .await
}

pub(crate) async fn accept_invitation(
    desk: &Desk,
    request: AcceptInvitationRequest,
) -> Result<StatusView, Refusal> {
    let at_work = desk.opened(|opened| opened.locked_since.is_none());
    if at_work == Ok(true) {
        return Err(Code::AlreadyOpen.into());
    }
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            let wrong = || Refusal::of_field("code", Code::CodeWrong);
            let code = OneTimeCode::parse(&request.code).ok_or_else(wrong)?;
            let secret = desk.device_secret(desk.identity()?.installation)?;
            let password = Password::prepare(&request.password);
            let unlocked = slots(&desk)?
                .accept(
                    request.user.into(),
                    &code,
                    &password,
                    &secret,
                    desk.now().unix_ms(),
                )
                .map_err(|error| match error {
                    KeyError::Wrong { .. } => wrong(),
                    error => error.into(),
                })?;
            // Whoever invited saw the code, too: the audit says by what they came in.
            open_by(&desk, unlocked, "accept_invitation")
        })
        .await
}

#[cfg(test)]
mod tests {
    use porch_store::keys::DatabaseKey;
    use porch_store::sealed::OpeningKey;

    use super::*;

    #[test]
    fn nobody_makes_or_replaces_a_login_beyond_their_own() {
        let mut keys = Keys::of_database(DatabaseKey::make().unwrap());
        let manager = Inviter::of(Role::Manager, &keys);
        let county_it = Inviter::of(Role::CountyIt, &keys);
        for role in Role::ALL {
            assert_eq!(
                manager.may_make(*role).is_ok(),
                *role != Role::Safeguarding,
                "manager: {role}"
            );
            assert_eq!(
                county_it.may_make(*role).is_ok(),
                *role == Role::CountyIt,
                "county IT: {role}"
            );
        }
        keys.restricted = OpeningKey::from_bytes(1, &[7; 32]).into_iter().collect();
        assert!(!keys.restricted.is_empty());
        let lead = Inviter::of(Role::Safeguarding, &keys);
        assert!(lead.may_make(Role::Safeguarding).is_ok());
    }
}
