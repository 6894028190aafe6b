use std::fs;

use tempfile::TempDir;
use uuid::Uuid;

use super::slots::Unlocked;
use super::*;
use crate::sealed::OpeningKey;

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

#[test]
fn a_new_colleague_comes_in_by_a_code_and_chooses_a_password() {
    let desk = desk();
    let tomasz = user(2, "Tomasz Zieliński", "reception");
    let reception = Keys::of_database(desk.keys.database.clone());
    let Invitation { code, expires_ms } = desk
        .slots
        .invite(tomasz.clone(), &reception, &desk.secret, NOON)
        .unwrap();
    assert_eq!(expires_ms, NOON + 7 * 24 * 3_600_000);
    assert_eq!(
        desk.slots
            .unwrap(tomasz.id, &right(), &desk.secret, NOON)
            .unwrap_err(),
        KeyError::WrongState
    );
    let typed = OneTimeCode::parse(&code.grouped().to_lowercase()).unwrap();
    assert_eq!(
        desk.slots
            .accept(
                tomasz.id,
                &typed,
                &Password::prepare("short"),
                &desk.secret,
                NOON
            )
            .unwrap_err(),
        KeyError::Password(PasswordFault::TooShort)
    );
    let password = Password::prepare("gęś i żółw na plaży");
    let unlocked = desk
        .slots
        .accept(tomasz.id, &typed, &password, &desk.secret, NOON)
        .unwrap();
    assert_eq!(
        unlocked.keys, reception,
        "reception reads no restricted note"
    );
    desk.slots
        .unwrap(tomasz.id, &password, &desk.secret, NOON)
        .unwrap();
    assert_eq!(
        desk.slots
            .accept(tomasz.id, &typed, &password, &desk.secret, NOON)
            .unwrap_err(),
        KeyError::WrongState,
        "a code holds once"
    );
}

#[test]
fn a_code_expires_after_a_week_and_takes_ten_tries() {
    let desk = desk();
    let tomasz = user(2, "Tomasz Zieliński", "reception");
    let accept = |code: &OneTimeCode, at| {
        desk.slots
            .accept(tomasz.id, code, &right(), &desk.secret, at)
            .map(|_| ())
    };
    let first = desk
        .slots
        .invite(tomasz.clone(), &desk.keys, &desk.secret, NOON)
        .unwrap();
    assert_eq!(
        accept(&first.code, first.expires_ms),
        Err(KeyError::CodeExpired)
    );
    let mut now = NOON;
    for _ in 0..10 {
        now += 256_000;
        accept(&OneTimeCode::make().unwrap(), now).unwrap_err();
    }
    assert_eq!(accept(&first.code, now + 256_000), Err(KeyError::Blocked));
    let second = desk
        .slots
        .invite(tomasz.clone(), &desk.keys, &desk.secret, now)
        .unwrap();
    assert!(accept(&first.code, now).is_err(), "the older code is dead");
    accept(&second.code, now).unwrap();
}

#[test]
fn an_expiry_cannot_be_moved() {
    let desk = desk();
    let tomasz = user(2, "Tomasz Zieliński", "reception");
    let invitation = desk
        .slots
        .invite(tomasz.clone(), &desk.keys, &desk.secret, NOON)
        .unwrap();
    let expires = invitation.expires_ms;
    desk.rewrite(&expires.to_string(), &(expires + 86_400_000).to_string());
    assert!(matches!(
        desk.slots
            .accept(tomasz.id, &invitation.code, &right(), &desk.secret, NOON),
        Err(KeyError::Wrong { .. })
    ));
}

#[test]
fn a_supervisor_resets_a_blocked_colleague() {
    let desk = desk();
    let mut now = NOON;
    for _ in 0..10 {
        now += 256_000;
        desk.log_in(&wrong(), now).unwrap_err();
    }
    assert_eq!(desk.log_in(&right(), now).unwrap_err(), KeyError::Blocked);
    let invitation = desk
        .slots
        .invite(margaret(), &desk.keys, &desk.secret, now)
        .unwrap();
    let fresh = Password::prepare("nine otters under ice");
    desk.slots
        .accept(margaret().id, &invitation.code, &fresh, &desk.secret, now)
        .unwrap();
    assert_eq!(desk.log_in(&fresh, now).unwrap().keys, desk.keys);
    assert!(
        desk.log_in(&right(), now).is_err(),
        "the forgotten password opens nothing"
    );
    assert_eq!(desk.slots.list().unwrap().len(), 1);
}

#[test]
fn a_password_is_changed_and_the_old_one_is_dead() {
    let desk = desk();
    let new = Password::prepare("nine otters under ice");
    let change = |old: &Password, new: &Password| {
        desk.slots
            .change_password(margaret().id, old, new, &desk.secret, NOON)
    };
    assert_eq!(change(&wrong(), &new), Err(KeyError::Wrong { left: 9 }));
    assert_eq!(
        change(&right(), &Password::prepare("password1234")),
        Err(KeyError::Password(PasswordFault::Common))
    );
    change(&right(), &new).unwrap();
    assert!(desk.log_in(&right(), NOON).is_err());
    desk.log_in(&new, NOON).unwrap();
}

#[test]
fn a_leaver_s_keys_leave_the_file() {
    let desk = desk();
    desk.slots.block(margaret().id).unwrap();
    assert_eq!(desk.log_in(&right(), NOON).unwrap_err(), KeyError::Blocked);
    assert!(desk.file().contains("\"wrapped\": null"));
}

#[test]
fn unknown_users_and_second_slots_are_refused() {
    let desk = desk();
    assert_eq!(
        desk.slots
            .unwrap(Uuid::nil(), &right(), &desk.secret, NOON)
            .unwrap_err(),
        KeyError::UnknownUser
    );
    assert_eq!(
        desk.slots
            .enrol(margaret(), &right(), &desk.secret, &desk.keys),
        Err(KeyError::UserExists)
    );
}

#[test]
fn a_damaged_or_newer_file_is_told_apart() {
    let desk = desk();
    desk.rewrite("\"version\": 1", "\"version\": 2");
    assert_eq!(
        desk.slots.list(),
        Err(KeyError::FromNewerProgram {
            file: 2,
            program: 1
        })
    );
    fs::write(desk.home.path().join("slots.json"), "{").unwrap();
    assert_eq!(desk.slots.list(), Err(KeyError::Damaged));
}

#[test]
fn a_code_is_eighty_bits_and_forgives_how_it_is_typed() {
    let code = OneTimeCode::make().unwrap();
    let shown = code.grouped();
    assert_eq!(shown.len(), 19);
    assert_eq!(shown.split('-').count(), 4);
    let spoken = OneTimeCode::parse("oil0-0000 00001111").unwrap();
    assert_eq!(*spoken.grouped(), "0110-0000-0000-1111");
    for bad in [
        "",
        "0000",
        "0000-0000-0000-0000-0",
        "0000-0000-0000-000U",
        "ł000-0000-0000-0000",
    ] {
        assert!(OneTimeCode::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn passwords_typed_on_other_keyboards_are_the_same() {
    let composed = Password::prepare("Zoë likes caf\u{e9}s");
    let decomposed = Password::prepare("Zoe\u{308} likes\u{a0}cafe\u{301}s");
    assert_eq!(composed.as_bytes(), decomposed.as_bytes());
    let upper = Password::prepare("ZOË likes cafés");
    assert_ne!(composed.as_bytes(), upper.as_bytes());
}

#[test]
fn common_passwords_are_refused_and_sentences_are_not() {
    let check = |text: &str| Password::prepare(text).check(&["Katarzyna Nowak", "knowak"]);
    for common in [
        "password1234",
        "Password2026!",
        "P@ssw0rd1234",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "abcdefghijkl",
        "1qaz2wsx3edc",
        "0987654321098",
        "Welcome2026!!",
        "ChildrensCentre1",
        "Summer-2026-!!",
        "Porch-admin-2026",
        "zyxwvutsrqpo",
        "correcthorsebatterystaple",
    ] {
        assert_eq!(check(common), Err(PasswordFault::Common), "{common}");
    }
    for own in ["Katarzyna1234", "Nowak-Katarzyna", "katarzyna.2026"] {
        assert_eq!(check(own), Err(PasswordFault::OwnName), "{own}");
    }
    assert_eq!(check("elevenchars"), Err(PasswordFault::TooShort));
    assert_eq!(
        check("żółwżółwżół"),
        Err(PasswordFault::TooShort),
        "characters, not bytes"
    );
    assert_eq!(check(&"long ".repeat(60)), Err(PasswordFault::TooLong));
    for good in [
        "tea at the harbour wall",
        "moja babcia piecze",
        "583920174638",
        "xK9#mQ2$vL7!",
        "我每天早上都喝一杯热茶吗",
        "summer in the old library",
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
}

#[test]
fn the_list_of_common_passwords_is_as_the_check_expects() {
    let list = include_str!("common_passwords.txt");
    assert!(list.lines().count() > 300);
    for line in list.lines() {
        assert!(line.chars().count() >= password::FEWEST, "{line}");
        assert_eq!(line, line.to_lowercase());
    }
}

#[test]
fn today_s_parameters_are_those_of_the_design() {
    let KdfParameters {
        memory_kib,
        passes,
        lanes,
    } = KdfParameters::CURRENT;
    assert_eq!((memory_kib, passes, lanes), (65_536, 3, 4));
}
