use std::fs;

use tempfile::TempDir;
use uuid::Uuid;

use super::slots::Unlocked;
use super::*;
use crate::sealed::OpeningKey;

mod people;
mod pin;
mod recovery;

const WEAK: KdfParameters = KdfParameters {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};
const NOON: i64 = 1_795_435_200_000;
const DEVICE: Uuid = Uuid::from_u128(0xd1);

struct Desk {
    home: TempDir,
    secret: DeviceSecret,
    keys: Keys,
    slots: Slots,
}

fn user(n: u128, name: &str, role: &str) -> User {
    User {
        id: Uuid::from_u128(n),
        name: name.into(),
        role: role.into(),
    }
}

fn margaret() -> User {
    user(1, "Margaret Okafor", "manager")
}

fn right() -> Password {
    Password::prepare("tea at the harbour wall")
}

fn wrong() -> Password {
    Password::prepare("coffee at the harbour")
}

/// A desk at which Margaret can log in.
fn desk() -> Desk {
    let home = tempfile::tempdir().unwrap();
    let secret = DeviceSecret::make().unwrap();
    let keys = Keys {
        database: DatabaseKey::make().unwrap(),
        restricted: vec![OpeningKey::make(1).unwrap(), OpeningKey::make(2).unwrap()],
    };
    let slots = Slots::new(home.path(), DEVICE, WEAK);
    slots.enrol(margaret(), &right(), &secret, &keys).unwrap();
    Desk {
        home,
        secret,
        keys,
        slots,
    }
}

impl Desk {
    fn log_in(&self, password: &Password, at_ms: i64) -> Result<Unlocked, KeyError> {
        self.slots
            .unwrap(margaret().id, password, &self.secret, at_ms)
    }

    fn file(&self) -> String {
        fs::read_to_string(self.home.path().join("slots.json")).unwrap()
    }

    fn rewrite(&self, from: &str, to: &str) {
        let text = self.file();
        assert!(text.contains(from), "{from} is in {text}");
        fs::write(
            self.home.path().join("slots.json"),
            text.replacen(from, to, 1),
        )
        .unwrap();
    }
}

#[test]
fn the_password_and_the_device_secret_together_give_the_keys() {
    let desk = desk();
    let unlocked = desk.log_in(&right(), NOON).unwrap();
    assert_eq!(unlocked.keys, desk.keys);
    assert_eq!(unlocked.user, margaret());
    let stolen_file_only = DeviceSecret::make().unwrap();
    assert_eq!(
        desk.slots
            .unwrap(margaret().id, &right(), &stolen_file_only, NOON)
            .unwrap_err(),
        KeyError::Wrong { left: 9 },
        "file and password without the keyring open nothing"
    );
}

#[test]
fn the_file_holds_no_key_and_only_its_owner_reads_it() {
    let desk = desk();
    let file = desk.file();
    let raw = String::from_utf8(desk.keys.database.raw().to_vec()).unwrap();
    assert!(!file.contains(raw.trim_matches(['x', '\''])));
    assert!(!file.contains("harbour"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(desk.home.path().join("slots.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(!desk.home.path().join("slots.json.next").exists());
}

#[test]
fn nothing_shows_a_secret() {
    let desk = desk();
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?}",
        desk.keys,
        desk.secret,
        right(),
        OneTimeCode::make().unwrap(),
        desk.log_in(&right(), NOON).unwrap()
    );
    assert!(shown.contains("DatabaseKey(…)"));
    assert!(!shown.contains("harbour"));
    for byte in desk.keys.database.as_bytes().windows(4) {
        assert!(!shown.contains(&format!("{byte:?}").replace(['[', ']'], "")));
    }
}

#[test]
fn the_raw_key_is_what_sqlcipher_expects() {
    let key = DatabaseKey::from_bytes(std::array::from_fn(|at| u8::try_from(at * 8).unwrap()));
    assert_eq!(
        std::str::from_utf8(&key.raw()).unwrap(),
        "x'0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8'"
    );
}

#[test]
fn whatever_is_authenticated_cannot_be_edited() {
    for (from, to) in [
        ("\"manager\"", "\"safeguarding\""),
        ("\"memory_kib\": 64", "\"memory_kib\": 65"),
        (
            "00000000-0000-0000-0000-000000000001",
            "00000000-0000-0000-0000-000000000002",
        ),
    ] {
        let desk = desk();
        desk.rewrite(from, to);
        let id = desk.slots.list().unwrap()[0].user.id;
        assert_eq!(
            desk.slots
                .unwrap(id, &right(), &desk.secret, NOON)
                .unwrap_err(),
            KeyError::Wrong { left: 9 },
            "{from} → {to}"
        );
    }
    let desk = desk();
    let other_device = Slots::new(desk.home.path(), Uuid::from_u128(0xd2), WEAK);
    assert!(
        other_device
            .unwrap(margaret().id, &right(), &desk.secret, NOON)
            .is_err()
    );
}

#[test]
fn an_invitation_cannot_be_turned_into_a_login() {
    let desk = desk();
    let helper = user(2, "Tomasz Zieliński", "reception");
    let invitation = desk
        .slots
        .invite(helper.clone(), &desk.keys, &desk.secret, NOON)
        .unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&desk.file()).unwrap();
    file["slots"][1]["state"] = "active".into();
    fs::write(desk.home.path().join("slots.json"), file.to_string()).unwrap();
    let code_as_password = Password::prepare(&invitation.code.grouped().replace('-', ""));
    assert!(matches!(
        desk.slots
            .unwrap(helper.id, &code_as_password, &desk.secret, NOON),
        Err(KeyError::Wrong { .. })
    ));
}

#[test]
fn parameters_are_raised_at_the_next_login() {
    let desk = desk();
    let stronger = KdfParameters {
        memory_kib: 128,
        passes: 2,
        lanes: 1,
    };
    let raised = Slots::new(desk.home.path(), DEVICE, stronger);
    raised
        .unwrap(margaret().id, &right(), &desk.secret, NOON)
        .unwrap();
    assert!(desk.file().contains("\"memory_kib\": 128"));
    let unlocked = raised
        .unwrap(margaret().id, &right(), &desk.secret, NOON)
        .unwrap();
    assert_eq!(unlocked.keys, desk.keys);
    desk.log_in(&right(), NOON).unwrap();
    assert!(
        desk.file().contains("\"memory_kib\": 128"),
        "parameters are never lowered by a login"
    );
}

#[test]
fn absurd_parameters_are_refused_instead_of_obeyed() {
    let desk = desk();
    desk.rewrite("\"memory_kib\": 64", "\"memory_kib\": 4000000000");
    assert_eq!(
        desk.log_in(&right(), NOON).unwrap_err(),
        KeyError::Parameters
    );
}

#[test]
fn wrong_passwords_wait_longer_and_longer_and_the_tenth_blocks() {
    let desk = desk();
    let mut now = NOON;
    for (attempt, wait_s) in [0, 0, 0, 2, 4, 8, 16, 32, 64, 128].into_iter().enumerate() {
        let left = 9 - u32::try_from(attempt).unwrap();
        if wait_s > 0 {
            let early = desk.log_in(&right(), now + wait_s * 1000 - 1).unwrap_err();
            assert_eq!(
                early,
                KeyError::Wait { seconds: 1 },
                "even the right password waits"
            );
        }
        now += wait_s * 1000;
        let expected = match left {
            0 => KeyError::Blocked,
            left => KeyError::Wrong { left },
        };
        assert_eq!(desk.log_in(&wrong(), now).unwrap_err(), expected);
    }
    let next_year = now + 365 * 24 * 3_600_000;
    assert_eq!(
        desk.log_in(&right(), next_year).unwrap_err(),
        KeyError::Blocked
    );
    assert_eq!(desk.slots.list().unwrap()[0].state, SlotState::Blocked);
}

#[test]
fn an_attempt_is_on_disk_before_it_is_evaluated() {
    let desk = desk();
    // Parameters that are refused stand for a program killed while it computes.
    desk.rewrite("\"memory_kib\": 64", "\"memory_kib\": 4000000000");
    for _ in 0..3 {
        assert_eq!(
            desk.log_in(&right(), NOON).unwrap_err(),
            KeyError::Parameters
        );
    }
    assert!(desk.file().contains("\"count\": 3"));
    desk.rewrite("\"memory_kib\": 4000000000", "\"memory_kib\": 64");
    let restarted = Slots::new(desk.home.path(), DEVICE, WEAK);
    assert_eq!(
        restarted
            .unwrap(margaret().id, &right(), &desk.secret, NOON)
            .unwrap_err(),
        KeyError::Wait { seconds: 2 }
    );
}

#[test]
fn a_right_password_forgets_the_wrong_ones() {
    let desk = desk();
    for _ in 0..3 {
        desk.log_in(&wrong(), NOON).unwrap_err();
    }
    desk.log_in(&right(), NOON + 2_000).unwrap();
    assert_eq!(
        desk.log_in(&wrong(), NOON + 2_000).unwrap_err(),
        KeyError::Wrong { left: 9 }
    );
}

#[test]
fn a_clock_set_back_neither_shortens_the_wait_nor_locks_for_ever() {
    let desk = desk();
    for _ in 0..3 {
        desk.log_in(&wrong(), NOON).unwrap_err();
    }
    let last_year = NOON - 365 * 24 * 3_600_000;
    let wait = KeyError::Wait { seconds: 2 };
    assert_eq!(desk.log_in(&right(), last_year).unwrap_err(), wait);
    assert_eq!(
        desk.log_in(&right(), last_year + 1_500).unwrap_err(),
        KeyError::Wait { seconds: 1 }
    );
    desk.log_in(&right(), last_year + 2_000).unwrap();
}

#[test]
fn waiting_is_not_an_attempt() {
    let desk = desk();
    for _ in 0..3 {
        desk.log_in(&wrong(), NOON).unwrap_err();
    }
    for _ in 0..20 {
        desk.log_in(&wrong(), NOON).unwrap_err();
    }
    desk.log_in(&right(), NOON + 2_000).unwrap();
}

#[test]
fn attempts_at_the_same_time_are_each_counted() {
    let desk = desk();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| desk.log_in(&wrong(), NOON).unwrap_err());
        }
    });
    assert!(
        desk.file().contains("\"count\": 3"),
        "three were evaluated, the others had to wait"
    );
}
