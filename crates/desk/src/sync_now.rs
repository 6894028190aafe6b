//! Meeting the county: on demand, after each save, and by itself.

use std::sync::Arc;
use std::time::Duration;

use porch_domain::time::Instant;
use porch_store::{Store, StoreError};
use porch_sync::device::{MeetError, Met, meet};

use crate::county::{County, CountyTrouble};
use crate::desk::{Desk, Event, SyncNote, locked};
use crate::refusal::{Code, Nothing, Refusal};
use crate::rejoin::rejoin;
use crate::status::{StatusView, SyncState};

/// How long after a save, and how often without one, a device meets the county.
const AFTER_SAVE: Duration = Duration::from_secs(2);
const BETWEEN: Duration = Duration::from_secs(60);

/// Meets the county for as long as the desk lives.
pub(crate) fn keep_in_touch(desk: &Desk) {
    let weak = Arc::downgrade(desk.inner());
    tokio::spawn(async move {
        loop {
            {
                let Some(inner) = weak.upgrade() else { return };
                let _ = tokio::time::timeout(BETWEEN, inner.saved.notified()).await;
            }
            tokio::time::sleep(AFTER_SAVE).await;
            let Some(inner) = weak.upgrade() else { return };
            let desk = Desk::from_inner(inner);
            desk.close_if_left();
            // Offline is not an error: the window shows it, and the next round tries again.
            let _ = run(&desk).await;
        }
    });
}

pub(crate) async fn sync_now(desk: &Desk, _: Nothing) -> Result<StatusView, Refusal> {
    run(desk).await?;
    crate::status::status(desk, Nothing {}).await
}

pub(crate) async fn run(desk: &Desk) -> Result<(), Refusal> {
    let _alone = desk.inner().meeting.lock().await;
    let (store, county) = desk.opened(|opened| (opened.store.clone(), opened.county.clone()))?;
    note(desk, SyncState::Working, None);
    let mut met = meet_apart(&store, &county).await?;
    if let Err(MeetError::Cloned(clash)) = met {
        match rejoin(desk, clash).await {
            Ok(()) => {
                let county = desk.opened(|opened| opened.county.clone())?;
                met = meet_apart(&store, &county).await?;
            }
            Err(refusal) => {
                note(desk, SyncState::Attention, Some(refusal.code));
                return Err(refusal);
            }
        }
    }
    let now = desk.now();
    match met {
        Ok(met) => {
            let off = clock_off(now, &met);
            let kept = store.clone();
            let stopped = desk
                .blocking(move || {
                    kept.write(|write| write.met_county(now, off))?;
                    Ok(kept.read(|read| read.sync_state())?.stopped > 0)
                })
                .await?;
            let trouble = met.audit_misfit.then_some(Code::DatabaseAltered);
            note(
                desk,
                if stopped || trouble.is_some() {
                    SyncState::Attention
                } else {
                    SyncState::Idle
                },
                trouble,
            );
            if met.taken > 0 || met.parcels > 0 {
                desk.tell(Event::Changed {
                    what: vec!["all".to_owned()],
                });
            }
            Ok(())
        }
        Err(error) => {
            let code = trouble(&error);
            let state = if code == Code::Unreachable {
                SyncState::Offline
            } else {
                SyncState::Attention
            };
            note(
                desk,
                state,
                Some(code).filter(|code| *code != Code::Unreachable),
            );
            Err(code.into())
        }
    }
}

type Meeting = Result<Met, MeetError<StoreError, CountyTrouble>>;

/// Meets the county on a thread that may block, as the store does: what is on its way arrives
/// meanwhile.
async fn meet_apart(store: &Arc<Store>, county: &Arc<County>) -> Result<Meeting, Refusal> {
    let (store, county) = (store.clone(), county.clone());
    let runtime = tokio::runtime::Handle::current();
    let meeting =
        tokio::task::spawn_blocking(move || runtime.block_on(meet(&*store, &*county, |_| {})));
    meeting.await.map_err(|_| Code::Internal.into())
}

fn trouble(error: &MeetError<StoreError, CountyTrouble>) -> Code {
    match error {
        MeetError::Store(error) => Refusal::from(*error).code,
        MeetError::Transport(trouble) => (*trouble).into(),
        MeetError::Stuck | MeetError::Cloned(_) => Code::CountyRefused,
    }
}

fn clock_off(now: Instant, met: &Met) -> i64 {
    now.unix_ms() - i64::try_from(met.server_unix_ms).unwrap_or(i64::MAX)
}

fn note(desk: &Desk, state: SyncState, trouble: Option<Code>) {
    *locked(&desk.inner().sync) = SyncNote { state, trouble };
    if state != SyncState::Working {
        desk.tell_status();
    }
}
