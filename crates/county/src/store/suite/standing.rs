//! Stops, rulings, mistakes, and what the county does by its own clock.

use porch_domain::catalogue::Record as _;
use porch_domain::decision::{AtExpiry, Purpose};
use porch_domain::family::Family;
use porch_domain::id::{RecordId as _, derive_expiry_id, derive_lapse_id};
use porch_domain::membership::MemberRole;
use porch_domain::standing::{Expiry, Misrecording};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, WithdrawalHow, WithdrawalRuling};
use porch_sync::protocol::Fate;
use uuid::Uuid;

use super::consent::{DECIDED, YES, family, is_urgent, of_tom, refused, served, stored, yes};
use super::{At, World, on_every_store};
use crate::quarantine::Reason;
use crate::store::{Reading as _, Store, Work as _};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, home_of, id, make, motherhood, now, person, place_in, rosa,
    shot, tom, user, withdrawal,
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn stop(number: u128) -> Stop {
    Stop {
        id: id(number).into(),
        subject: tom().id,
        purpose: Purpose::PublicityPicture,
        made_by: user(),
        made_at: now(),
    }
}

fn stop_end(number: u128, stop: u128) -> StopEnd {
    StopEnd {
        id: id(number).into(),
        stop: id(stop).into(),
        ended_by: user(),
        ended_at: now(),
    }
}

fn ruling(number: u128, withdrawal: u128, ruling: Ruling) -> WithdrawalRuling {
    WithdrawalRuling {
        id: id(number).into(),
        withdrawal: id(withdrawal).into(),
        ruling,
        why: Some("Rosa was asked.".to_owned()),
        ruled_by: Some(user()),
        ruled_at: now(),
    }
}

fn misrecording(number: u128) -> Misrecording {
    Misrecording {
        id: id(number).into(),
        decision: yes(),
        why: "It was the other child.".to_owned(),
        recorded_by: user(),
        recorded_at: now(),
    }
}

async fn is_removed<S: Store>(at: &At<'_, S>, photo: Uuid) -> bool {
    let mut reading = at.county.store.reading().await.unwrap();
    reading.is_removed(photo).await.unwrap()
}

async fn is_here<S: Store>(at: &At<'_, S>, record: Uuid) -> bool {
    let mut reading = at.county.store.reading().await.unwrap();
    reading.record(record).await.unwrap().is_some()
}

on_every_store! {
    async fn a_stop_takes_a_photo_down_for_good_and_travels_first<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        assert_eq!(elm.push(vec![make(&stop(0x51), ELM)]).await.fate, Fate::Applied);
        assert!(served(&elm, &shot).await.is_err() && is_removed(&elm, shot.photo.id.into()).await);
        assert!(is_urgent(&elm.pull_all(100).await, 0x51));
        refused(&mut elm, &of_tom(0xf1), "stopped").await;
        elm.push(vec![make(&stop_end(0x52, 0x51), ELM)]).await;
        assert_eq!(elm.push(of_tom(0xf2).changes(ELM)).await.fate, Fate::Applied);
        assert!(served(&elm, &shot).await.is_err(), "what was removed stays removed");
    }

    async fn what_is_said_of_consent_goes_where_it_goes<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let home = home_of(0xa1, ELM);
        elm.push(vec![make(&home, ELM)]).await;
        let seen = elm.pen.version();
        elm.push(family()).await;
        let places = [(0xa2, rosa().id, MemberRole::ParentCarer), (0xa3, tom().id, MemberRole::Child)];
        let places = places.map(|(number, person, role)| make(&place_in(&home, number, person, role), ELM));
        elm.push(places.to_vec()).await;
        // A ruling before the withdrawal that it is about, an end before its stop.
        elm.push(vec![make(&ruling(0x62, 0x61, Ruling::Dismissed), ELM), make(&stop_end(0x52, 0x51), ELM)]).await;
        let reported = withdrawal(0x61, tom().id, &[yes()], WithdrawalHow::Reported);
        elm.push(vec![make(&reported, ELM), make(&misrecording(0x71), ELM), make(&stop(0x51), ELM)]).await;
        elm.push(vec![edit(Family::KIND, home.id.uuid(), "centre", OAK.to_string(), Some(seen))]).await;
        let oak = world.at_oak().await;
        let given: Vec<Uuid> = oak.pull_all(100).await.iter().flat_map(|page| &page.rows).map(|fed| fed.row.id).collect();
        for (number, what) in [(0x61, "withdrawal"), (0x62, "ruling"), (0x71, "mistake"), (0x51, "stop"), (0x52, "its end")] {
            assert!(given.contains(&id(number)), "{what}");
        }
        let mut reading = oak.county.store.reading().await.unwrap();
        for number in [0x61, 0x62, 0x71, 0x51, 0x52] {
            let scopes = reading.scopes_of(id(number)).await.unwrap();
            assert_eq!(scopes, [OAK].into(), "{number:x} left with the family");
        }
    }

    async fn a_mistake_in_recording_suspends_what_rests_on_it<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        elm.push(vec![make(&misrecording(0x71), ELM)]).await;
        assert!(served(&elm, &shot).await.is_err());
        assert!(!is_removed(&elm, shot.photo.id.into()).await, "somebody decides");
        refused(&mut elm, &of_tom(0xf1), "under a mistake").await;
    }

    async fn a_ruling_decides_what_becomes_of_a_report<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let reported = withdrawal(0x61, tom().id, &[yes()], WithdrawalHow::Reported);
        elm.push(vec![make(&reported, ELM)]).await;
        assert!(served(&elm, &shot).await.is_err());
        elm.push(vec![make(&ruling(0x62, 0x61, Ruling::Dismissed), ELM)]).await;
        assert_eq!(served(&elm, &shot).await.unwrap(), shot.picture);
        // Nothing comes due of it any more.
        world.pass(30 * DAY_MS);
        assert_eq!(world.county.do_what_is_due().await.unwrap(), 0);
        elm.push(vec![make(&ruling(0x63, 0x61, Ruling::Upheld), ELM)]).await;
        assert!(is_removed(&elm, shot.photo.id.into()).await, "the No counts");
    }

    async fn a_report_on_which_nobody_rules_is_upheld_after_five_working_days<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let reported = withdrawal(0x61, tom().id, &[yes()], WithdrawalHow::Reported);
        let mut ahead = withdrawal(0x64, rosa().id, &[id(0xd9).into()], WithdrawalHow::Reported);
        ahead.withdrawn_at = Instant::from_unix_ms((NOW_MS + 900 * DAY_MS) as i64);
        elm.push(vec![make(&reported, ELM), make(&ahead, ELM)]).await;
        let lapse: Uuid = derive_lapse_id(reported.id).uuid();
        // Monday to the next Monday, all of it.
        world.pass(7 * DAY_MS);
        assert_eq!(world.county.do_what_is_due().await.unwrap(), 0);
        assert!(!is_here(&elm, lapse).await);
        world.pass(DAY_MS);
        assert_eq!(world.county.do_what_is_due().await.unwrap(), 2, "also of a clock that is ahead");
        assert_eq!(world.county.do_what_is_due().await.unwrap(), 0, "once");
        assert!(is_removed(&elm, shot.photo.id.into()).await && served(&elm, &shot).await.is_err());
        let pages = elm.pull_all(100).await;
        assert!(pages.iter().flat_map(|page| &page.urgent).any(|fed| fed.row.id == lapse));
    }

    async fn the_end_of_a_decision_is_the_county_s_to_say<S: Store>(world: World<S>) {
        for (at_expiry, goes) in [(AtExpiry::NoNewUse, false), (AtExpiry::Remove, true)] {
            let mut elm = world.at_elm().await;
            let (number, photo) = if goes { (0xd8, 0xf8) } else { (DECIDED, 0xf0) };
            let mut dated = decision(number, if goes { rosa().id } else { tom().id }, YES, &[]);
            dated.at_expiry = at_expiry;
            if !goes {
                elm.push(vec![make(&rosa(), ELM), make(&tom(), ELM), make(&motherhood(), ELM)]).await;
            }
            dated.valid_until = Some(Instant::from_unix_ms(world.county.surroundings.unix_ms() as i64 + DAY_MS as i64));
            elm.push(vec![make(&dated, ELM)]).await;
            let shot = shot(photo, 3000, &[(dated.subject, dated.id)]);
            assert_eq!(elm.push(shot.changes(ELM)).await.fate, Fate::Applied);
            let expiry = derive_expiry_id(dated.id).uuid();
            assert_eq!(world.county.do_what_is_due().await.unwrap(), 0, "not yet");
            world.pass(DAY_MS);
            assert_eq!(world.county.do_what_is_due().await.unwrap(), 1);
            assert!(is_here(&elm, expiry).await);
            assert_eq!(is_removed(&elm, shot.photo.id.into()).await, goes, "{at_expiry}");
            let mut reading = elm.county.store.reading().await.unwrap();
            assert_eq!(reading.scopes_of(expiry).await.unwrap(), [ELM].into());
            drop(reading);
            // No device says so.
            let forged = Expiry {
                id: derive_expiry_id(id(0xdf).into()),
                decision: id(0xdf).into(),
                expired_at: now(),
            };
            assert_eq!(elm.push(vec![make(&forged, ELM)]).await.fate, Fate::Quarantined);
            let kept = elm.county.store.reading().await.unwrap().quarantined(elm.number).await.unwrap();
            assert_eq!(kept[0].reason, Reason::CountyOnly.word());
            assert!(!is_here(&elm, forged.id.uuid()).await, "nor is it honoured");
        }
    }

    async fn a_no_is_honoured_in_what_is_kept_aside_and_what_lifts_one_is_not<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let reported = withdrawal(0x61, tom().id, &[yes()], WithdrawalHow::Reported);
        elm.push(vec![make(&reported, ELM)]).await;
        let mut spoilt = make(&person(0x99, "Pia"), ELM);
        spoilt.kind = "nothing_known".to_owned();
        let lifting = vec![
            make(&ruling(0x62, 0x61, Ruling::Dismissed), ELM),
            make(&stop_end(0x52, 0x51), ELM),
            make(&misrecording(0x71), ELM),
            spoilt.clone(),
        ];
        assert_eq!(elm.push(lifting).await.fate, Fate::Quarantined);
        for number in [0x62, 0x52, 0x71] {
            assert!(!is_here(&elm, id(number)).await, "{number:x} waits for a person");
        }
        let noes = vec![make(&ruling(0x63, 0x61, Ruling::Upheld), ELM), make(&stop(0x51), ELM), spoilt];
        assert_eq!(elm.push(noes).await.fate, Fate::Quarantined);
        for number in [0x63, 0x51] {
            assert!(is_here(&elm, id(number)).await, "{number:x} is heard");
        }
        assert!(is_removed(&elm, shot.photo.id.into()).await);
    }

    async fn a_stop_is_given_after_its_end<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        elm.push(vec![make(&stop(0x51), ELM), make(&misrecording(0x71), ELM)]).await;
        elm.push(vec![make(&stop_end(0x52, 0x51), ELM)]).await;
        let pages = elm.pull_all(100).await;
        let urgent: Vec<Uuid> = pages.iter().flat_map(|page| &page.urgent).map(|fed| fed.row.id).collect();
        let rows: Vec<Uuid> = pages.iter().flat_map(|page| &page.rows).map(|fed| fed.row.id).collect();
        for given in [&urgent, &rows] {
            let place = |number| given.iter().position(|record| *record == id(number)).unwrap();
            assert!(place(0x52) < place(0x51), "whoever hears of both loses nothing");
            assert_eq!(given.iter().filter(|record| **record == id(0x51)).count(), 1);
        }
        let decision = rows.iter().position(|record| *record == yes().uuid()).unwrap();
        assert!(rows.iter().position(|record| *record == id(0x71)).unwrap() < decision);
    }

    async fn what_is_due_is_told_in_its_order_and_forgotten_with_its_record<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let mut work = store.begin().await.unwrap();
        for (number, at_ms) in [(1_u128, 30), (2, 10), (3, 20), (4, 40)] {
            work.put_due(id(number), Some(at_ms)).await.unwrap();
        }
        work.put_due(id(3), Some(5)).await.unwrap();
        work.put_due(id(1), None).await.unwrap();
        work.commit().await.unwrap();
        let mut reading = store.reading().await.unwrap();
        assert_eq!(reading.due(4).await.unwrap(), Vec::<Uuid>::new());
        assert_eq!(reading.due(39).await.unwrap(), [id(3), id(2)]);
        assert_eq!(reading.due(u64::MAX).await.unwrap().len(), 3);
        drop(reading);
        // Nothing is known of these: it is looked at once.
        assert_eq!(world.county.do_what_is_due().await.unwrap(), 0);
        assert!(store.reading().await.unwrap().due(u64::MAX).await.unwrap().is_empty());
    }
}
