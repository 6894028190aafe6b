//! The printed recovery code, and devices that do without a keyring.

use super::*;

fn newcomer() -> User {
    user(7, "Ngozi Sample", "manager")
}

fn fresh() -> Password {
    Password::prepare("nine otters under ice")
}

fn recover(desk: &Desk, code: &RecoveryCode, now: i64) -> Result<Unlocked, KeyError> {
    let recovery = desk.slots.open_recovery(code, &desk.secret, now)?;
    desk.slots
        .recover(recovery, newcomer(), &fresh(), &desk.secret)
}

#[test]
fn losing_the_last_supervisor_is_survived_with_the_printed_code() {
    let desk = desk();
    let code = desk
        .slots
        .make_recovery(&desk.keys.database, &desk.secret, NOON)
        .unwrap();
    assert_eq!(desk.slots.facts().unwrap().recovery_made_ms, Some(NOON));
    let mut now = NOON;
    for _ in 0..10 {
        now += 256_000;
        desk.log_in(&wrong(), now).unwrap_err();
    }
    assert_eq!(desk.log_in(&right(), now).unwrap_err(), KeyError::Blocked);
    let typed = RecoveryCode::parse(&code.grouped().to_lowercase()).unwrap();
    let unlocked = recover(&desk, &typed, now).unwrap();
    assert_eq!(unlocked.keys, Keys::of_database(desk.keys.database.clone()));
    assert!(
        unlocked.keys.restricted.is_empty(),
        "it opens no restricted note, whoever made it"
    );
    let again = desk
        .slots
        .unwrap(newcomer().id, &fresh(), &desk.secret, now)
        .unwrap();
    assert_eq!(again.user.role, "manager");
    assert_eq!(
        recover(&desk, &typed, now).unwrap_err(),
        KeyError::NoRecovery,
        "it was good once"
    );
    assert_eq!(desk.slots.facts().unwrap().recovery_made_ms, None);
}

#[test]
fn a_new_code_replaces_the_old_one_also_in_the_middle() {
    let desk = desk();
    let make = || {
        desk.slots
            .make_recovery(&desk.keys.database, &desk.secret, NOON)
            .unwrap()
    };
    let old = make();
    let opened = desk.slots.open_recovery(&old, &desk.secret, NOON).unwrap();
    let new = make();
    assert_eq!(
        desk.slots
            .recover(opened, newcomer(), &fresh(), &desk.secret)
            .unwrap_err(),
        KeyError::NoRecovery
    );
    assert!(matches!(
        recover(&desk, &old, NOON),
        Err(KeyError::Wrong { .. })
    ));
    recover(&desk, &new, NOON).unwrap();
}

#[test]
fn wrong_codes_grow_slow_and_never_take_the_last_way_in() {
    let desk = desk();
    let other = RecoveryCode::make().unwrap();
    assert_eq!(
        recover(&desk, &other, NOON).unwrap_err(),
        KeyError::NoRecovery
    );
    let code = desk
        .slots
        .make_recovery(&desk.keys.database, &desk.secret, NOON)
        .unwrap();
    let mut now = NOON;
    for wait_s in [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256, 256] {
        if wait_s > 0 {
            assert_eq!(
                recover(&desk, &code, now + wait_s * 1000 - 1).unwrap_err(),
                KeyError::Wait { seconds: 1 }
            );
        }
        now += wait_s * 1000;
        assert!(matches!(
            recover(&desk, &other, now),
            Err(KeyError::Wrong { .. })
        ));
    }
    recover(&desk, &code, now + 256_000).unwrap();
}

#[test]
fn a_bad_password_leaves_the_code_good() {
    let desk = desk();
    let code = desk
        .slots
        .make_recovery(&desk.keys.database, &desk.secret, NOON)
        .unwrap();
    let opened = desk.slots.open_recovery(&code, &desk.secret, NOON).unwrap();
    assert_eq!(
        desk.slots
            .recover(
                opened,
                newcomer(),
                &Password::prepare("short"),
                &desk.secret
            )
            .unwrap_err(),
        KeyError::Password(PasswordFault::TooShort)
    );
    recover(&desk, &code, NOON).unwrap();
}

#[test]
fn the_slot_of_a_code_is_bound_to_device_secret_and_moment() {
    let made = || {
        let desk = desk();
        let code = desk
            .slots
            .make_recovery(&desk.keys.database, &desk.secret, NOON)
            .unwrap();
        (desk, code)
    };
    let wrong = |result: Result<Recovery, KeyError>, what: &str| {
        assert!(matches!(result, Err(KeyError::Wrong { .. })), "{what}");
    };
    let (desk, code) = made();
    let other_secret = DeviceSecret::make().unwrap();
    wrong(
        desk.slots.open_recovery(&code, &other_secret, NOON),
        "secret",
    );
    let other_device = Slots::new(desk.home.path(), Uuid::from_u128(0xd2), WEAK);
    wrong(
        other_device.open_recovery(&code, &desk.secret, NOON),
        "device",
    );
    desk.rewrite(&NOON.to_string(), &(NOON + 1).to_string());
    wrong(
        desk.slots.open_recovery(&code, &desk.secret, NOON + 10_000),
        "moment",
    );
}

#[test]
fn a_slip_of_the_finger_is_told_apart_from_a_wrong_code() {
    let code = RecoveryCode::make().unwrap();
    let shown = code.grouped();
    assert_eq!(shown.len(), 34);
    assert!(shown.split('-').all(|group| group.len() == 4));
    let spoken = shown.to_lowercase().replace('-', " ").replace('0', "o");
    assert_eq!(RecoveryCode::parse(&spoken), Ok(code.clone()));
    assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    let mut unseen = 0;
    for at in (0..shown.len()).filter(|at| at % 5 != 4) {
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
            let mut slipped = shown.to_string();
            slipped.replace_range(at..=at, &other.to_string());
            if slipped != *shown && RecoveryCode::parse(&slipped).is_ok() {
                unseen += 1;
            }
        }
    }
    assert!(unseen < 20, "{unseen} of 868 slips were not seen");
    let mut short = shown.to_string();
    short.pop();
    let long = format!("{}0", *shown);
    for bad in ["", "0000", &short, &long, "U"] {
        assert_eq!(RecoveryCode::parse(bad), Err(Mistyped), "{bad}");
    }
}

#[test]
fn a_file_from_before_recovery_codes_is_read_and_raised() {
    let desk = desk();
    let mut file: serde_json::Value = serde_json::from_str(&desk.file()).unwrap();
    let old = file.as_object_mut().unwrap();
    old.insert("version".into(), 1.into());
    for new in ["password_only", "recovery", "identity"] {
        old.remove(new).unwrap();
    }
    fs::write(desk.home.path().join("slots.json"), file.to_string()).unwrap();
    desk.log_in(&right(), NOON).unwrap();
    assert!(desk.file().contains("\"version\": 2"));
}

/// A desk without a device secret.
fn alone() -> Desk {
    let home = tempfile::tempdir().unwrap();
    let keys = Keys::of_database(DatabaseKey::make().unwrap());
    let slots = Slots::new(home.path(), DEVICE, WEAK);
    let secret = DeviceSecret::absent();
    slots.enrol(margaret(), &right(), &secret, &keys).unwrap();
    Desk {
        home,
        secret,
        keys,
        slots,
    }
}

#[test]
fn a_password_only_device_opens_by_its_passwords_and_codes() {
    let desk = alone();
    assert!(desk.slots.facts().unwrap().password_only);
    assert_eq!(desk.log_in(&right(), NOON).unwrap().keys, desk.keys);
    assert_eq!(
        desk.log_in(&wrong(), NOON).unwrap_err(),
        KeyError::Wrong { left: 9 }
    );
    let tomasz = user(2, "Tomasz Zieliński", "reception");
    let invitation = desk
        .slots
        .invite(tomasz.clone(), &desk.keys, &desk.secret, NOON)
        .unwrap();
    desk.slots
        .accept(tomasz.id, &invitation.code, &fresh(), &desk.secret, NOON)
        .unwrap();
    let code = desk
        .slots
        .make_recovery(&desk.keys.database, &desk.secret, NOON)
        .unwrap();
    recover(&desk, &code, NOON).unwrap();
}

#[test]
fn how_a_device_keeps_its_secret_cannot_be_edited() {
    let some = DeviceSecret::make().unwrap();
    for (desk, other, from, to) in [
        (desk(), DeviceSecret::absent(), "false", "true"),
        (alone(), some, "true", "false"),
    ] {
        let code = desk
            .slots
            .make_recovery(&desk.keys.database, &desk.secret, NOON)
            .unwrap();
        let log_in = |secret: &DeviceSecret| {
            desk.slots
                .unwrap(margaret().id, &right(), secret, NOON)
                .unwrap_err()
        };
        assert_eq!(log_in(&other), KeyError::OtherMode, "as it is");
        assert_eq!(
            desk.slots
                .enrol(newcomer(), &fresh(), &other, &desk.keys)
                .unwrap_err(),
            KeyError::OtherMode
        );
        desk.rewrite(
            &format!("\"password_only\": {from}"),
            &format!("\"password_only\": {to}"),
        );
        assert_eq!(log_in(&desk.secret), KeyError::OtherMode, "edited");
        assert_eq!(log_in(&other), KeyError::Wrong { left: 9 }, "edited");
        assert!(matches!(
            desk.slots.open_recovery(&code, &other, NOON),
            Err(KeyError::Wrong { .. })
        ));
    }
}

#[test]
fn the_device_s_identity_opens_with_its_database_key_only() {
    let desk = alone();
    let key = [7; 32];
    assert_eq!(
        desk.slots.identity(&desk.keys.database).unwrap_err(),
        KeyError::Damaged
    );
    desk.slots.keep_identity(&key, &desk.keys.database).unwrap();
    assert_eq!(*desk.slots.identity(&desk.keys.database).unwrap(), key);
    let other_key = DatabaseKey::make().unwrap();
    let other_device = Slots::new(desk.home.path(), Uuid::from_u128(0xd2), WEAK);
    for refused in [
        desk.slots.identity(&other_key),
        other_device.identity(&desk.keys.database),
    ] {
        assert_eq!(refused.unwrap_err(), KeyError::Damaged);
    }
}
