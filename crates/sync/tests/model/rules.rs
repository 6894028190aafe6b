//! What the shipped rules say of each set of the model's records, worked out once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use porch_domain::alias::{Alias, Registered};
use porch_domain::catalogue::Record;
use porch_domain::consent::{Fate, Ledger, LedgerEntry};
use porch_domain::decision::Decision;
use porch_domain::erasure::{goes, takes_along};
use porch_domain::id::derive_alias_id;
use porch_domain::person::Person;
use porch_domain::photo::Form;
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal, WithdrawalHow, WithdrawalRuling};
use porch_sync::{
    Change, DeviceNumber, FieldChange, Hlc, Op, Row, Stamped, Transaction, Version, merge,
};
use serde_json::Value;
use uuid::Uuid;

use crate::story::{self, decision, motherhood, rosa, shot, tom, withdrawal};

/// A set of records, a bit each.
pub(crate) type Set = u16;
/// Rosa's Yes.
pub(crate) const YES: Set = 1;
/// A later Yes of hers that replaces it.
pub(crate) const ANEW: Set = 1 << 1;
/// A later No of hers that replaces it.
pub(crate) const REFUSAL: Set = 1 << 2;
/// Her withdrawal of the first Yes.
pub(crate) const WITHDRAWAL: Set = 1 << 3;
/// What she decided for Tom, and her authority.
pub(crate) const TOMS: Set = 1 << 4;
/// Everything that the rule of consent looks at.
pub(crate) const CONSENT: Set =
    YES | ANEW | REFUSAL | WITHDRAWAL | TOMS | ALIAS | APART | OTHERS | JUDGED;
/// A photo of both, under her first Yes.
pub(crate) const PHOTO: Set = 1 << 5;
/// One under her later Yes.
pub(crate) const LATER: Set = 1 << 6;
pub(crate) const PHOTOS: Set = PHOTO | LATER;
/// Rosa's record, whose field can be edited.
pub(crate) const PERSON: Set = 1 << 7;
/// Somebody says that she was registered twice.
pub(crate) const ALIAS: Set = 1 << 8;
/// And undoes it.
pub(crate) const APART: Set = 1 << 9;
/// A No of hers under the other registration.
pub(crate) const OTHERS: Set = 1 << 10;
/// Somebody reports that she withdraws her first Yes.
pub(crate) const REPORT: Set = 1 << 11;
/// It is upheld.
pub(crate) const UPHELD: Set = 1 << 12;
/// It is dismissed.
pub(crate) const DISMISSED: Set = 1 << 13;
/// A stop of pictures of her is over.
pub(crate) const STOP_END: Set = 1 << 14;
/// The stop, which is given after its end once there is one.
pub(crate) const STOP: Set = 1 << 15;
/// What others than she say.
pub(crate) const JUDGED: Set = REPORT | UPHELD | DISMISSED | STOP | STOP_END;
/// How many bits there are.
pub(crate) const BITS: usize = 16;

/// Whether the two registrations are one person.
pub(crate) fn is_merged(held: Set) -> bool {
    held & (ALIAS | APART) == ALIAS
}

/// Rosa, as another desk registered her.
fn again() -> Person {
    let mut again = rosa();
    again.id = story::person(0x205a, "").id;
    again
}

/// The bits of a set.
pub(crate) fn each(set: Set) -> impl Iterator<Item = Set> {
    (0..BITS)
        .map(|bit| 1 << bit)
        .filter(move |bit| set & bit != 0)
}

fn decided(of: Set) -> Decision {
    let mut decided = match of {
        YES => decision(0xd1, rosa().id, &["press"], &[]),
        ANEW => decision(0xd2, rosa().id, &["press"], &[]),
        REFUSAL => decision(0xd3, rosa().id, &[], &["press"]),
        OTHERS => Decision {
            subject: again().id,
            decider: again().id,
            ..decision(0xd5, rosa().id, &[], &["press"])
        },
        _ => decision(0xd4, tom().id, &["press"], &[]),
    };
    if matches!(of, ANEW | REFUSAL) {
        decided.replaces = vec![decision(0xd1, rosa().id, &[], &[]).id];
    }
    decided
}

fn ledger(held: Set) -> Ledger {
    let mut ledger: Ledger = [rosa(), again(), tom()].into_iter().collect();
    if is_merged(held) {
        ledger.add(LedgerEntry::Same(rosa().id, again().id));
    }
    for record in each(held & CONSENT & !ALIAS & !APART) {
        match record {
            WITHDRAWAL => ledger.add(withdrawal(
                0xee,
                rosa().id,
                &[decided(YES).id],
                WithdrawalHow::InPerson,
            )),
            TOMS => {
                ledger.add(motherhood());
                ledger.add(decided(TOMS));
            }
            REPORT => ledger.add(reported()),
            UPHELD => ledger.add(ruling(Ruling::Upheld)),
            DISMISSED => ledger.add(ruling(Ruling::Dismissed)),
            STOP => ledger.add(stop()),
            STOP_END => ledger.add(stop_end()),
            decision => ledger.add(decided(decision)),
        }
    }
    ledger
}

fn reported() -> Withdrawal {
    withdrawal(0xef, rosa().id, &[decided(YES).id], WithdrawalHow::Reported)
}

fn ruling(ruling: Ruling) -> WithdrawalRuling {
    let number = if ruling == Ruling::Upheld { 0xe1 } else { 0xe2 };
    WithdrawalRuling {
        id: story::id(number).into(),
        withdrawal: reported().id,
        ruling,
        why: None,
        ruled_by: Some(story::user()),
        ruled_at: now(),
    }
}

fn stop() -> Stop {
    Stop {
        id: story::id(0xe3).into(),
        subject: rosa().id,
        purpose: decided(YES).purpose,
        made_by: story::user(),
        made_at: now(),
    }
}

fn stop_end() -> StopEnd {
    StopEnd {
        id: story::id(0xe4).into(),
        stop: stop().id,
        ended_by: story::user(),
        ended_at: now(),
    }
}

fn subjects(photo: Set) -> [(porch_domain::id::PersonId, porch_domain::id::DecisionId); 2] {
    let hers = if photo == PHOTO { YES } else { ANEW };
    [(rosa().id, decided(hers).id), (tom().id, decided(TOMS).id)]
}

fn now() -> Instant {
    Instant::from_unix_ms(story::NOW_MS.cast_signed())
}

/// Rosa's phone number, as a device or the county has it: the value, and the write that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Phone {
    pub(crate) value: u8,
    pub(crate) device: u8,
    pub(crate) sequence: u8,
}

impl Phone {
    /// The one that everybody has at first.
    pub(crate) const FIRST: Self = Self {
        value: 0,
        device: 9,
        sequence: 1,
    };

    /// Clocks are wrong: the lower the device, the further ahead.
    fn version(self) -> Version {
        Version {
            clock: Hlc::at(10 - u64::from(self.device)),
            device: DeviceNumber(self.device.into()),
            sequence: self.sequence.into(),
        }
    }
}

/// What an edit made of a record.
pub(crate) struct Edited {
    pub(crate) phone: Phone,
    /// The values that lost and are kept.
    pub(crate) kept: Set,
}

/// Of each photo what becomes of it, and whether it may be stored; and the photo that may be taken.
type Said = ([(Fate, bool); 2], Option<Set>);

fn say(held: Set) -> Said {
    let ledger = ledger(held);
    let of = |photo| {
        let storable = ledger.photo_may_be_stored(Form::Picture, subjects(photo), now());
        (ledger.photo_fate(subjects(photo)), storable)
    };
    let purpose = decided(YES).purpose;
    let hers = ledger.permit(rosa().id, purpose, now()).ok();
    let toms = ledger.permit(tom().id, purpose, now()).ok();
    let under = hers.zip(toms).map(|(hers, _)| hers.decision());
    let photo = under.map(|id| if id == decided(YES).id { PHOTO } else { LATER });
    ([PHOTO, LATER].map(of), photo)
}

/// The rules.
pub(crate) struct Rules {
    /// By what is held, once it is asked for.
    said: Vec<OnceLock<Said>>,
    /// What goes when Rosa is erased: of her alone, and of both registrations.
    going: [Set; 2],
}

impl Rules {
    pub(crate) fn new() -> Self {
        Self {
            said: (0..=CONSENT).map(|_| OnceLock::new()).collect(),
            going: [
                going(&[rosa().id.into()]),
                going(&[rosa().id.into(), again().id.into()]),
            ],
        }
    }

    /// What goes when Rosa is erased by whoever holds this.
    pub(crate) fn going(&self, held: Set) -> Set {
        self.going[usize::from(is_merged(held))]
    }

    fn said(&self, held: Set) -> &Said {
        self.said[usize::from(held & CONSENT)].get_or_init(|| say(held & CONSENT))
    }

    fn of(&self, held: Set, photo: Set) -> (Fate, bool) {
        self.said(held).0[usize::from(photo == LATER)]
    }

    pub(crate) fn fate(&self, held: Set, photo: Set) -> Fate {
        self.of(held, photo).0
    }

    /// May such a photo be stored, or taken in from elsewhere?
    pub(crate) fn may_store(&self, held: Set, photo: Set) -> bool {
        self.of(held, photo).1
    }

    /// The photo that a desk which holds this may take.
    pub(crate) fn permit(&self, held: Set) -> Option<Set> {
        self.said(held).1
    }

    /// The one merge.
    pub(crate) fn merged(standing: Phone, write: Phone, base: Phone) -> Edited {
        let id: Uuid = rosa().id.into();
        let stamped = Stamped {
            value: Value::from(standing.value),
            version: standing.version(),
        };
        let row = Row {
            kind: "person".to_owned(),
            id,
            fields: BTreeMap::from([("phone".to_owned(), stamped)]),
        };
        let change = Change {
            kind: "person".to_owned(),
            id,
            op: Op::Edit,
            fields: BTreeMap::from([(
                "phone".to_owned(),
                FieldChange {
                    value: Value::from(write.value),
                    base: Some(base.version()),
                },
            )]),
        };
        let transaction = Transaction {
            device: write.version().device,
            sequence: write.version().sequence,
            clock: write.version().clock,
            author: Uuid::nil(),
            schema: porch_sync::SCHEMA,
            changes: vec![change.clone()],
        };
        let merged = merge(Some(&row), &transaction, &change);
        let stands = &merged.row.fields["phone"];
        let lost = merged.conflicts.iter().map(|conflict| &conflict.lost);
        Edited {
            phone: if stands.version == write.version() {
                write
            } else {
                standing
            },
            kept: lost.fold(0, |kept, value| kept | 1 << value.as_u64().unwrap()),
        }
    }
}

fn alias() -> Alias {
    let [older, newer] = [rosa().id, again().id].map(Uuid::from);
    Alias {
        id: derive_alias_id(older.into(), newer.into()),
        kind: Registered::Person,
        older: older.into(),
        newer: newer.into(),
        taken: None,
        older_seen: "{}".to_owned(),
        newer_seen: "{}".to_owned(),
        merged_by: story::id(0x05e4).into(),
        merged_at: now(),
        ended_by: None,
        ended_at: None,
    }
}

/// Follows the links of erasure from these records of Rosa's, as devices and county do.
fn going(roots: &[Uuid]) -> Set {
    let mut records: Vec<(Set, &str, Uuid, porch_domain::catalogue::FieldValues)> = Vec::new();
    for of in [YES, ANEW, REFUSAL, TOMS, OTHERS] {
        let decided = decided(of);
        records.push((of, Decision::KIND, decided.id.into(), decided.to_fields()));
    }
    records.push((
        TOMS,
        "authority",
        motherhood().id.into(),
        motherhood().to_fields(),
    ));
    let withdrawal = withdrawal(0xee, rosa().id, &[decided(YES).id], WithdrawalHow::InPerson);
    records.push((
        WITHDRAWAL,
        "withdrawal",
        withdrawal.id.into(),
        withdrawal.to_fields(),
    ));
    let report = reported();
    records.push((
        REPORT,
        Withdrawal::KIND,
        report.id.into(),
        report.to_fields(),
    ));
    for (bit, of) in [(UPHELD, Ruling::Upheld), (DISMISSED, Ruling::Dismissed)] {
        let ruling = ruling(of);
        records.push((
            bit,
            WithdrawalRuling::KIND,
            ruling.id.into(),
            ruling.to_fields(),
        ));
    }
    records.push((STOP, Stop::KIND, stop().id.into(), stop().to_fields()));
    records.push((
        STOP_END,
        StopEnd::KIND,
        stop_end().id.into(),
        stop_end().to_fields(),
    ));
    let (kind, id) = (Alias::KIND, alias().id.into());
    records.push((ALIAS | APART, kind, id, alias().to_fields()));
    for photo in each(PHOTOS) {
        let shot = shot(photo.into(), 10, &subjects(photo));
        for change in shot.changes(story::ELM) {
            let fields = change.fields.into_iter();
            let values = fields.map(|(name, field)| (name, field.value)).collect();
            let kind = if change.id == Uuid::from(shot.photo.id) {
                "photo"
            } else {
                "photo_subject"
            };
            records.push((photo, kind, change.id, values));
        }
    }
    let mut gone = roots.to_vec();
    let mut set = PERSON;
    loop {
        let before = gone.len();
        for (bit, kind, id, values) in &records {
            if gone.contains(id) || !goes(kind, values, |named| gone.contains(&named)) {
                continue;
            }
            gone.push(*id);
            set |= bit;
            let along = takes_along(kind).and_then(|field| values.get(field));
            gone.extend(
                along
                    .and_then(Value::as_str)
                    .map(|id| id.parse::<Uuid>().unwrap()),
            );
        }
        if gone.len() == before {
            assert_eq!(set & TOMS, 0, "what she decided for Tom is his");
            return set;
        }
    }
}
