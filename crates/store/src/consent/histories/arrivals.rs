//! Histories: records as they may arrive, most of them such as an honest device sends.

use chrono::Duration;
use porch_domain::alias::Alias;
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Ground};
use porch_domain::catalogue::Record;
use porch_domain::decision::{AtExpiry, Attribution, Capacity, Decision, Method, Purpose};
use porch_domain::id::PersonId;
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::photo::{Objection, Photo, PhotoSubject};
use porch_domain::standing::{Expiry, Misrecording};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::text::TextApproval;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal, WithdrawalHow, WithdrawalRuling};
use proptest::prelude::*;

use crate::consent::sample::{
    CHANNELS, NOW, PICTURE, alias, approval, authority, authority_id, crowd, decision, decision_id,
    end, expiry, halina, idris, in_photo, maja, misrecording, objection, pawel, person, photo,
    place, ruling, stop, stop_end, withdrawal, words, zofia,
};

const AUTHORITIES: u8 = 5;
const DECISIONS: u8 = 6;
pub(super) const PHOTOS: u8 = 3;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
pub(super) const PURPOSES: [Purpose; 2] = [PICTURE, Purpose::PublicityQuote];

/// A record that arrives.
#[derive(Clone)]
pub(super) enum Arrival {
    Authority(Authority),
    End(AuthorityEnd),
    Decision(Box<Decision>),
    Withdrawal(Withdrawal),
    Ruling(WithdrawalRuling),
    Misrecording(Misrecording),
    Expiry(Expiry),
    Stop(Stop),
    StopEnd(StopEnd),
    Photo(Photo),
    Subject(PhotoSubject),
    Objection(Objection),
    Person(Box<Person>),
    Place(Membership),
    Approval(Box<TextApproval>),
    Alias(Box<Alias>),
}

/// Records hide their values; what is invented may be shown.
impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, fields) = match self {
            Self::Authority(record) => (Authority::KIND, record.to_fields()),
            Self::End(record) => (AuthorityEnd::KIND, record.to_fields()),
            Self::Decision(record) => (Decision::KIND, record.to_fields()),
            Self::Withdrawal(record) => (Withdrawal::KIND, record.to_fields()),
            Self::Ruling(record) => (WithdrawalRuling::KIND, record.to_fields()),
            Self::Misrecording(record) => (Misrecording::KIND, record.to_fields()),
            Self::Expiry(record) => (Expiry::KIND, record.to_fields()),
            Self::Stop(record) => (Stop::KIND, record.to_fields()),
            Self::StopEnd(record) => (StopEnd::KIND, record.to_fields()),
            Self::Photo(record) => (Photo::KIND, record.to_fields()),
            Self::Subject(record) => (PhotoSubject::KIND, record.to_fields()),
            Self::Objection(record) => (Objection::KIND, record.to_fields()),
            Self::Person(record) => (Person::KIND, record.to_fields()),
            Self::Place(record) => (Membership::KIND, record.to_fields()),
            Self::Approval(record) => (TextApproval::KIND, record.to_fields()),
            Self::Alias(record) => (Alias::KIND, record.to_fields()),
        };
        write!(f, "{kind} {}", serde_json::to_string(&fields).unwrap())
    }
}

fn subject() -> impl Strategy<Value = PersonId> {
    prop_oneof![5 => Just(zofia()), 1 => Just(idris())]
}

fn adult() -> impl Strategy<Value = PersonId> {
    prop_oneof![4 => Just(maja()), 3 => Just(pawel()), 1 => Just(halina())]
}

/// Mostly none; else one near the days of the decisions, their own day included.
fn some_day() -> impl Strategy<Value = Option<chrono::NaiveDate>> {
    let near = prop_oneof![Just(0_i64), -3_i64..4];
    prop::option::weighted(0.2, near).prop_map(|days| {
        days.and_then(|days| {
            NOW.utc()
                .date_naive()
                .checked_add_signed(Duration::days(days))
        })
    })
}

fn near_now() -> impl Strategy<Value = Instant> {
    let days = prop_oneof![6 => Just(0_i64), 1 => -3_i64..4, 1 => Just(20_000)];
    days.prop_map(|days| Instant::from_unix_ms(NOW.unix_ms() + days * DAY_MS))
}

/// What is known of the ages of the two children, as it is learned and corrected.
fn known() -> impl Strategy<Value = Vec<Arrival>> {
    let years = prop_oneof![
        2 => Just(None),
        2 => Just(Some(2)),
        1 => Just(Some(16)),
        2 => Just(Some(30)),
    ];
    let people = prop::collection::vec((subject(), years, prop::bool::weighted(0.1)), 0..4)
        .prop_map(|people| {
            people
                .into_iter()
                .map(|(id, years, staff)| {
                    let mut person = person(id, years);
                    person.staff = staff;
                    Arrival::Person(Box::new(person))
                })
                .collect::<Vec<_>>()
        });
    let places = prop::collection::vec((0_u8..3, subject(), 0..MemberRole::ALL.len()), 0..3)
        .prop_map(|places| {
            places
                .into_iter()
                .map(|(n, id, role)| Arrival::Place(place(n, id, MemberRole::ALL[role])))
                .collect::<Vec<_>>()
        });
    (people, places).prop_map(|(people, places)| [people, places].concat())
}

fn authorities() -> impl Strategy<Value = Vec<Arrival>> {
    let one = |n: u8| {
        let ground = prop_oneof![
            3 => Just(Ground::Mother),
            2 => Just(Ground::Delegated),
            1 => Just(Ground::Understands),
        ];
        let own_holder = if n == 0 { maja() } else { pawel() };
        let holder = prop_oneof![3 => Just(own_holder), 1 => adult(), 1 => Just(zofia())];
        let source = prop::option::of(0..AUTHORITIES);
        (subject(), holder, ground, source, (some_day(), some_day())).prop_map(
            move |(child, holder, ground, source, (valid_from, valid_until))| {
                Arrival::Authority(Authority {
                    delegated_from: source.map(authority_id),
                    valid_from,
                    valid_until,
                    ..authority(n, child, holder, ground)
                })
            },
        )
    };
    (0..AUTHORITIES).map(one).collect::<Vec<_>>()
}

fn ends() -> impl Strategy<Value = Vec<Arrival>> {
    let kind = prop_oneof![Just(EndKind::Ended), Just(EndKind::Disputed)];
    prop::collection::vec((0..AUTHORITIES, kind), 0..3).prop_map(|ends| {
        (0..)
            .zip(ends)
            .map(|(n, (authority, kind))| Arrival::End(end(n, authority, kind)))
            .collect()
    })
}

/// What no honest device sends. With a Yes in it, it is refused; what only refuses is heard.
const ODDITIES: &[fn(&mut Decision)] = &[
    |odd| odd.signature.0.clear(),
    |odd| odd.method = Method::TypedWithWitness,
    |odd| odd.authority = None,
    |odd| odd.capacity = Capacity::Own,
    |odd| odd.refused.extend(odd.granted.first().cloned()),
    |odd| {
        odd.signature.0.clear();
        odd.refused.append(&mut odd.granted);
    },
    |odd| {
        (odd.capacity, odd.authority) = (Capacity::Own, None);
        odd.refused.append(&mut odd.granted);
    },
    |odd| {
        odd.authority = None;
        odd.refused.append(&mut odd.granted);
    },
];

fn one_decision(n: u8) -> impl Strategy<Value = Arrival> {
    let answers = prop::collection::vec(
        prop_oneof![4 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)],
        3,
    );
    let replaces = prop::collection::vec(0..DECISIONS, 0..3);
    let purpose = prop_oneof![6 => Just(PICTURE), 2 => Just(Purpose::PublicityQuote)];
    let named = prop::sample::select(Attribution::ALL);
    (
        subject(),
        0_u8..2,
        0..AUTHORITIES,
        prop::bool::weighted(0.25),
        answers,
        replaces,
        purpose,
        (
            near_now(),
            prop::option::weighted(0.15, near_now()),
            any::<bool>(),
        ),
        (
            prop::option::weighted(0.1, 0..ODDITIES.len()),
            prop_oneof![6 => Just(1), 1 => 2_u32..4],
            prop::option::weighted(0.8, named),
        ),
    )
        .prop_map(
            move |(
                subject,
                who,
                other,
                own,
                answers,
                replaces,
                purpose,
                (at, until, removes),
                (odd, words, named),
            )| {
                // Mostly the two parents under their own authorities; now and then another's.
                let (decider, under) = if other == 4 {
                    (halina(), other)
                } else {
                    ([maja(), pawel()][usize::from(who)], who)
                };
                let said = |wanted| -> Vec<&str> {
                    CHANNELS
                        .iter()
                        .zip(&answers)
                        .filter(|(_, said)| **said == Some(wanted))
                        .map(|(channel, _)| *channel)
                        .collect()
                };
                let mut refused = said(false);
                if said(true).is_empty() && refused.is_empty() {
                    refused.push("press");
                }
                let mut decision = decision(n, (subject, decider, under), &said(true), &refused);
                decision.purpose = purpose;
                if purpose == Purpose::PublicityQuote {
                    decision.attribution = named;
                }
                decision.wording_version = words;
                decision.replaces = replaces.into_iter().map(decision_id).collect();
                if own {
                    decision.capacity = Capacity::Own;
                    decision.decider = subject;
                    decision.authority = None;
                }
                (decision.decided_at, decision.valid_until) = (at, until);
                if removes {
                    decision.at_expiry = AtExpiry::Remove;
                }
                if let Some(odd) = odd {
                    ODDITIES[odd](&mut decision);
                }
                Arrival::Decision(Box::new(decision))
            },
        )
}

fn withdrawals() -> impl Strategy<Value = Vec<Arrival>> {
    let how = prop_oneof![
        Just(WithdrawalHow::InPerson),
        Just(WithdrawalHow::IdentityChecked),
        Just(WithdrawalHow::Reported),
    ];
    let of = prop::option::of(prop::sample::subsequence(CHANNELS.to_vec(), 1..=3));
    let named = prop::collection::vec(0..DECISIONS, 1..3);
    let sure = prop::option::weighted(0.2, any::<bool>());
    prop::collection::vec((subject(), named, of, how, sure), 0..3).prop_map(|withdrawals| {
        (0..)
            .zip(withdrawals)
            .map(|(n, (subject, named, of, how, sure))| {
                let mut made = withdrawal(n, subject, &named, of.as_deref(), how);
                // Now and then it contradicts itself.
                made.verified = sure.unwrap_or(made.verified);
                Arrival::Withdrawal(made)
            })
            .collect()
    })
}

/// Mistakes, ends of time, rulings and stops, of whatever is there or is yet to come.
fn verdicts() -> impl Strategy<Value = Vec<Arrival>> {
    let ruled = prop_oneof![Just(Ruling::Upheld), Just(Ruling::Dismissed)];
    let rulings = prop::collection::vec((0_u8..3, ruled), 0..3).prop_map(|rulings| {
        (0..)
            .zip(rulings)
            .map(|(n, (of, ruled))| Arrival::Ruling(ruling(n, of, ruled)))
            .collect::<Vec<_>>()
    });
    let mistakes = prop::collection::vec(0..DECISIONS, 0..2).prop_map(|mistakes| {
        (0..)
            .zip(mistakes)
            .map(|(n, of)| Arrival::Misrecording(misrecording(n, of)))
            .collect::<Vec<_>>()
    });
    let over = prop::collection::vec(0..DECISIONS, 0..2)
        .prop_map(|over| over.into_iter().map(|of| Arrival::Expiry(expiry(of))));
    let purpose = prop_oneof![4 => Just(PICTURE), 1 => Just(PURPOSES[1])];
    let stops =
        prop::option::weighted(0.25, (subject(), purpose, any::<bool>())).prop_map(|stopped| {
            let stopped = stopped.into_iter();
            stopped.flat_map(|(subject, purpose, ended)| {
                let end = ended.then(|| Arrival::StopEnd(stop_end(0, 0)));
                [Some(Arrival::Stop(stop(0, subject, purpose))), end]
                    .into_iter()
                    .flatten()
            })
        });
    (rulings, mistakes, over, stops).prop_map(|(rulings, mistakes, over, stops)| {
        let said = rulings.into_iter().chain(mistakes).chain(over);
        said.chain(stops).collect()
    })
}

/// A picture of people, words, or a picture of a crowd.
const FORMS: &[fn(u8, u32) -> Photo] = &[
    photo,
    photo,
    photo,
    |n, _| words(n),
    |n, _| words(n),
    |n, _| crowd(n),
];

fn photos() -> impl Strategy<Value = Vec<Arrival>> {
    let one = |n: u8| {
        (
            0..DECISIONS,
            prop::option::weighted(0.3, 0..DECISIONS),
            prop::bool::weighted(0.1),
            prop::sample::select(FORMS),
            prop::bool::weighted(0.2),
        )
            .prop_map(move |(decision, friend, miscounted, made, objected)| {
                let count = 1 + u32::from(friend.is_some()) + u32::from(miscounted);
                let mut arrivals = vec![
                    Arrival::Photo(made(n, count)),
                    Arrival::Subject(in_photo(n, zofia(), decision)),
                ];
                arrivals.extend(
                    friend.map(|decision| Arrival::Subject(in_photo(n, idris(), decision))),
                );
                arrivals.extend(objected.then(|| Arrival::Objection(objection(n, n))));
                arrivals
            })
    };
    (0..PHOTOS)
        .map(one)
        .collect::<Vec<_>>()
        .prop_map(|photos| photos.into_iter().flatten().collect())
}

/// The county approves words: of the second version late, of the third never.
fn approvals() -> impl Strategy<Value = Vec<Arrival>> {
    let purposes = [(1, PURPOSES[1]), (2, PICTURE), (2, PURPOSES[1])];
    prop::sample::subsequence(purposes.to_vec(), 1..=3).prop_map(|approved| {
        let approved = approved.into_iter();
        approved
            .map(|(version, purpose)| Arrival::Approval(Box::new(approval(version, purpose))))
            .collect()
    })
}

/// Now and then people turn out to be the same, or not to be after all.
fn aliases() -> impl Strategy<Value = Vec<Arrival>> {
    let people = || prop::sample::select(vec![zofia(), idris(), maja(), pawel(), halina()]);
    let pair = prop_oneof![
        3 => Just((zofia(), idris())),
        2 => Just((maja(), halina())),
        2 => (people(), people()),
    ];
    prop::collection::vec((pair, prop::bool::weighted(0.3)), 0..4).prop_map(|pairs| {
        let different = pairs.into_iter().filter(|((one, other), _)| one != other);
        different
            .map(|((one, other), ended)| {
                let mut alias = alias(one, other);
                alias.ended_at = ended.then_some(NOW);
                Arrival::Alias(Box::new(alias))
            })
            .collect()
    })
}

/// Half of them arrive in the order in which they were made, as on the device that made them.
pub(super) fn history() -> impl Strategy<Value = Vec<Arrival>> {
    let decisions = (0..DECISIONS).map(one_decision).collect::<Vec<_>>();
    (
        authorities(),
        ends(),
        decisions,
        withdrawals(),
        photos(),
        (known(), approvals()),
        aliases(),
        (verdicts(), any::<bool>()),
    )
        .prop_flat_map(
            |(
                authorities,
                ends,
                decisions,
                withdrawals,
                photos,
                (known, approvals),
                aliases,
                (verdicts, shuffled),
            )| {
                let (merged, undone) = aliases.split_at(aliases.len() / 2);
                let (before, after) = known.split_at(known.len() / 2);
                let (early, late) = decisions.split_at(2);
                let ordered: Vec<Arrival> = [
                    before.to_vec(),
                    authorities,
                    early.to_vec(),
                    photos,
                    after.to_vec(),
                    merged.to_vec(),
                    late.to_vec(),
                    approvals,
                    withdrawals,
                    verdicts,
                    undone.to_vec(),
                    ends,
                ]
                .concat();
                if shuffled {
                    Just(ordered).prop_shuffle().boxed()
                } else {
                    Just(ordered).boxed()
                }
            },
        )
}
