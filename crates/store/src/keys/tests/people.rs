//! People who come, forget, change and leave; and the passwords they choose.

use super::*;

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
fn a_login_works_on_until_its_invitation_is_taken_up() {
    let desk = desk();
    let demoted = User {
        role: "reception".into(),
        ..margaret()
    };
    let reception = Keys::of_database(desk.keys.database.clone());
    let invite = || {
        desk.slots
            .invite(demoted.clone(), &reception, &desk.secret, NOON)
            .unwrap()
    };
    invite();
    let unlocked = desk.log_in(&right(), NOON).unwrap();
    assert_eq!(
        (&unlocked.keys, unlocked.user.role),
        (&desk.keys, margaret().role),
        "nothing is lost by an invitation"
    );
    let listed = desk.slots.list().unwrap();
    assert!(listed[0].invited_anew && listed[0].state == SlotState::Active);

    // Ten wrong codes close the invitation, and not the login.
    let second = invite();
    let mut now = NOON;
    let accept = |code: &OneTimeCode, at| {
        desk.slots.accept(
            margaret().id,
            code,
            &Password::prepare("nine otters under ice"),
            &desk.secret,
            at,
        )
    };
    for _ in 0..10 {
        now += 2_048_000;
        accept(&OneTimeCode::make().unwrap(), now).unwrap_err();
    }
    assert_eq!(accept(&second.code, now).unwrap_err(), KeyError::Blocked);
    assert_eq!(desk.log_in(&right(), now).unwrap().keys, desk.keys);
    assert!(!desk.slots.list().unwrap()[0].invited_anew);

    let third = invite();
    let unlocked = accept(&third.code, NOON).unwrap();
    assert_eq!((unlocked.keys, unlocked.user), (reception, demoted.clone()));
    assert!(desk.log_in(&right(), NOON).is_err(), "now it is replaced");
    assert_eq!(desk.slots.list().unwrap()[0].user, demoted);
    assert!(!desk.file().contains("pending"));
}

#[test]
fn a_blocked_login_waits_for_its_code() {
    let desk = desk();
    let mut now = NOON;
    for _ in 0..10 {
        now += 2_048_000;
        desk.log_in(&wrong(), now).unwrap_err();
    }
    let Invitation { expires_ms, .. } = desk
        .slots
        .invite(margaret(), &desk.keys, &desk.secret, now)
        .unwrap();
    let listed = desk.slots.list().unwrap();
    assert_eq!(listed[0].state, SlotState::Invited { expires_ms });
    desk.slots.block(margaret().id).unwrap();
    assert_eq!(
        desk.slots.list().unwrap()[0].state,
        SlotState::Blocked,
        "whoever has left is not let in by an older code"
    );
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
    desk.rewrite("\"version\": 2", "\"version\": 3");
    assert_eq!(
        desk.slots.list(),
        Err(KeyError::FromNewerProgram {
            file: 3,
            program: 2
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
    let list = include_str!("../common_passwords.txt");
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
