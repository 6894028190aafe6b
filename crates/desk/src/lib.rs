//! The use cases of the front desk, one verb a file.
//!
//! A window (the shell, or a test's bridge) holds a [`Desk`] and speaks to it by
//! [`Desk::call`] with the name of a command and its request as JSON. [`commands`] is the one list
//! of them; from it come the dispatcher, the names and the window's TypeScript client. Who may do
//! what is decided here, never in the window.

mod alterations;
mod changes;
pub mod clock;
pub mod commands;
pub mod county;
mod desk;
mod home;
pub mod keeper;
mod papers;
mod people;
mod picture;
mod receipts;
mod refusal;
mod signature;
mod typescript;
mod work;

// The verbs.
mod add_photo;
mod check_receipt;
mod concern;
mod consent_history;
mod crowds;
mod decide;
mod draft;
mod edit;
mod enrol_again;
mod erase_person;
mod export_consent;
mod fetch_family;
mod find_family;
mod hand_over;
mod invite_login;
mod judge_consent;
mod log_in;
mod look;
mod merge_people;
mod move_family;
mod no_photos;
mod open_family;
mod photo_check;
mod photos;
mod publications;
mod publish;
mod quotes;
mod read_audit;
mod record_authority;
mod recover_login;
mod register;
mod rejoin;
mod remove_photo;
mod save_published;
mod set_idle_time;
mod set_up;
mod show_receipt;
mod sign_in;
mod sign_out;
mod status;
mod stop_use;
mod sync_now;
mod texts;
mod today;
mod undo;
mod unlock_with_pin;
mod withdraw_consent;
mod withdrawal_check;

pub use clock::{Clock, SystemClock};
pub use desk::{Desk, Event, Settings};
pub use keeper::{KeeperTrouble, OsKeyring, SecretKeeper};
pub use porch_store::keys::KdfParameters;
pub use refusal::{Code, Nothing, Problem, Refusal};
pub use typescript::typescript;
