//! The printed recovery code: made at the desk, kept in an envelope, and used when nobody who may
//! invite can log in any more.

use porch_domain::id::UserId;
use porch_domain::role::{Action, Role};
use porch_store::Store;
use porch_store::audit::{AuditEntry, Deed};
use porch_store::keys::{KeyError, Password, RecoveryCode, User};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::invite_login::{Inviter, check_name};
use crate::log_in::{open_for, slots};
use crate::refusal::{Code, Nothing, Refusal};
use crate::status::StatusView;
use crate::work::{Where, make_id};

/// A recovery code, to be printed and then forgotten.
#[derive(Serialize, TS)]
pub(crate) struct RecoveryCodeView {
    /// The code in groups, shown once.
    pub code: String,
    /// When it was made; UTC.
    pub made_at: String,
}

/// A printed code, and the manager who comes in by it.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecoverLoginRequest {
    /// The code as typed.
    pub code: String,
    /// What colleagues call the manager.
    pub name: String,
    /// The password chosen.
    pub password: String,
}

pub(crate) async fn make_recovery_code(
    desk: &Desk,
    _: Nothing,
) -> Result<RecoveryCodeView, Refusal> {
    let (keys, store, by) = desk.at_work(Where::AtDesk, Some(Action::InviteLogin), |opened| {
        let keys = opened.keys.clone().ok_or(Code::PasswordNeeded)?;
        // The code makes a manager: only who may invite one holds it in their hands.
        Inviter::of(opened.login.role, &keys)
            .may_make(Role::Manager)
            .map_err(|_| Code::NotAllowed)?;
        Ok((keys, opened.store.clone(), opened.login.user))
    })?;
    let asked = desk.clone();
    let made = desk
        .blocking(move || {
            let secret = asked.device_secret(asked.identity()?.installation)?;
            let now = asked.now();
            let entry = AuditEntry {
                at: now,
                user: by,
                deed: Deed::Invited,
                purpose: "make_recovery_code",
                record: None,
                fields: &[],
            };
            store.write(|write| write.audit(&entry).map_err(Refusal::from))?;
            let code = slots(&asked)?.make_recovery(&keys.database, &secret, now.unix_ms())?;
            Ok(RecoveryCodeView {
                code: code.grouped().to_string(),
                made_at: now.to_string(),
            })
        })
        .await?;
    desk.tell_status();
    Ok(made)
}

pub(crate) async fn recover_login(
    desk: &Desk,
    request: RecoverLoginRequest,
) -> Result<StatusView, Refusal> {
    let at_work = desk.opened(|opened| opened.locked_since.is_none());
    if at_work == Ok(true) {
        return Err(Code::AlreadyOpen.into());
    }
    let name = check_name(&request.name)?;
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            let code = RecoveryCode::parse(&request.code)
                .map_err(|_| Refusal::of_field("code", Code::CodeMistyped))?;
            let password = Password::prepare(&request.password);
            // Before the code is tried: a password that breaks a rule must not cost a try.
            password.check(&[&name]).map_err(KeyError::Password)?;
            let secret = desk.device_secret(desk.identity()?.installation)?;
            let slots = slots(&desk)?;
            let now = desk.now();
            let recovery = slots
                .open_recovery(&code, &secret, now.unix_ms())
                .map_err(|error| match error {
                    KeyError::Wrong { .. } => Refusal::of_field("code", Code::CodeWrong),
                    KeyError::Wait { seconds } => Refusal {
                        retry_after_s: Some(seconds),
                        ..Refusal::of_field("code", Code::SlowedDown)
                    },
                    error => error.into(),
                })?;
            let user: UserId = make_id(now)?;
            let entry = AuditEntry {
                at: now,
                user,
                deed: Deed::Recovered,
                purpose: "recover_login",
                record: Some(("login", user.into())),
                fields: &[],
            };
            // In the audit before it is done, and on a desk that another login locked in its store.
            let running = desk.opened(|opened| opened.store.clone()).ok();
            let audit =
                |store: &Store| store.write(|write| write.audit(&entry).map_err(Refusal::from));
            match running {
                Some(store) => audit(&store)?,
                None => audit(&Store::open(
                    &desk.inner().home.database(),
                    recovery.database(),
                )?)?,
            }
            let manager = User {
                id: user.into(),
                name,
                role: Role::Manager.word().to_owned(),
            };
            let unlocked = slots.recover(recovery, manager, &password, &secret)?;
            open_for(&desk, unlocked)
        })
        .await
}
