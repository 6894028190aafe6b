//! Erasures beside merges that were not sent yet.

use porch_domain::alias::Alias;
use porch_sync::protocol::{Fate, Outcome, PushAnswer};
use porch_sync::{Conflict, Together, alias_between};

use super::*;

const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);
const CHILD: Uuid = Uuid::from_u128(3);

fn registered(id: Uuid, phone: &str) -> Change {
    let fields = [("phone", json!(phone)), ("staff", json!(false))];
    Change {
        kind: Person::KIND.to_owned(),
        id,
        op: Op::Create { scope: CENTRE },
        fields: fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), FieldChange { value, base: None }))
            .collect(),
    }
}

/// One person is registered with a child, and again; the two are merged, and the second telephone number
/// is right.
fn merged(store: &Store) {
    store
        .write(|write| {
            write.save(
                USER,
                NOW,
                vec![registered(ONE, "01632 960001"), registered(CHILD, "")],
            )?;
            write.save(USER, NOW, vec![registered(TWO, "01632 960002")])?;
            let rows = [ONE, TWO].map(|id| write.row(Person::KIND, id).unwrap().unwrap());
            let [one, two] = &rows;
            let taken = ["phone".to_owned()].into();
            let alias = alias_between([one, two], &taken, UserId::from(USER), NOW).unwrap();
            let fields = alias.to_fields().into_iter();
            let change = Change {
                kind: Alias::KIND.to_owned(),
                id: alias.id.into(),
                op: Op::Create { scope: CENTRE },
                fields: fields
                    .map(|(name, value)| (name, FieldChange { value, base: None }))
                    .collect(),
            };
            write.save(USER, NOW, vec![change])
        })
        .unwrap();
}

fn shows(store: &Store) -> (Option<String>, usize) {
    store
        .read(|read| {
            let (person, _) = read.record::<Person>(ONE.into())?;
            Ok::<_, StoreError>((person.phone, read.late_writes(Person::KIND, ONE)?.len()))
        })
        .unwrap()
}

#[test]
fn a_merge_that_is_not_sent_follows_what_is_written_anew() {
    let (_home, store) = enrolled();
    merged(&store);
    let before = shows(&store);
    assert_eq!(before, (Some("01632 960002".to_owned()), 0));
    // The child goes, and with it the transaction that registered both.
    let child = person_removal(CHILD.into());
    store.take_page(&page(vec![child], Vec::new())).unwrap();
    assert_eq!(shows(&store), before, "nobody wrote to either since");
    // As the county merges it: in order, from what is sent.
    let mut sent: BTreeMap<Uuid, Row> = BTreeMap::new();
    for sealed in store.unsent().unwrap() {
        let Some(transaction) = sealed.open().unwrap() else {
            continue;
        };
        for change in &transaction.changes {
            if change.kind == Alias::KIND {
                let both = [ONE, TWO].iter().all(|id| sent.contains_key(id));
                assert!(
                    both,
                    "the county takes in no merge of whom it does not know"
                );
            }
            let merged = porch_sync::merge(sent.get(&change.id), &transaction, change);
            assert_eq!(merged.conflicts, [], "it follows what it was made on");
            sent.insert(change.id, merged.row);
        }
    }
    let rows: Vec<Row> = sent.into_values().collect();
    let aliases: Vec<Alias> = rows
        .iter()
        .filter(|row| row.kind == Alias::KIND)
        .map(|row| Alias::from_fields(row.id.into(), &row.values()).unwrap())
        .collect();
    let there = Together::of(ONE, &rows, &aliases);
    assert_eq!(there.row().unwrap().values()["phone"], "01632 960002");
    assert_eq!(there.late(), []);
}

#[test]
fn a_merge_follows_what_a_restored_county_is_sent_again() {
    let (_home, store) = enrolled();
    merged(&store);
    // The county has all of it, and it is in no backup.
    store
        .write(|write| {
            write.connection.execute_batch(
                "UPDATE outbox SET outcome = json_object('sequence', sequence, 'fate', 'applied');
                 DELETE FROM outbox_record; DELETE FROM confirmed;",
            )?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let before = shows(&store);
    let child = person_removal(CHILD.into());
    store.take_page(&page(vec![child], Vec::new())).unwrap();
    assert_eq!(shows(&store), before);
    store.new_epoch(Uuid::from_u128(2)).unwrap();
    assert_eq!(shows(&store), before, "saved again, and still as seen");
    assert!(store.unsent().unwrap().len() > 2);
}

#[test]
fn a_value_that_lost_under_the_other_registration_goes_with_the_person() {
    goes_with(ONE, Vec::new());
}

#[test]
fn a_value_that_was_redirected_and_lost_goes_with_whom_it_was_written_to() {
    goes_with(TWO, vec![TWO]);
}

/// A value that was written to the second registration lost at the survivor, and one of the two is erased.
fn goes_with(erased: Uuid, redirected: Vec<Uuid>) {
    let (_home, store) = enrolled();
    merged(&store);
    let stamp = |device, sequence| Version {
        clock: Hlc::default(),
        device: DeviceNumber(device),
        sequence,
    };
    let lost = Conflict {
        kind: Person::KIND.to_owned(),
        record: ONE,
        field: "phone".to_owned(),
        winner: stamp(4, 1),
        lost: json!(CANARY),
        loser: stamp(3, 2),
    };
    // The county's answer to the transaction about the second registration names the first.
    let outcome = |sequence, fate, conflicts| Outcome {
        sequence,
        fate,
        conflicts,
        removed: Vec::new(),
        redirected: redirected.clone(),
    };
    store
        .answered(&PushAnswer {
            epoch: Uuid::nil(),
            outcomes: vec![
                outcome(1, Fate::Applied, Vec::new()),
                outcome(2, Fate::Conflict, vec![lost]),
            ],
            expected: 3,
            cloned: false,
            audit_fits: true,
            backed_up: 0,
            server_unix_ms: 1_795_426_200_000,
        })
        .unwrap();
    let kept = |table: &str, column: &str| -> u32 {
        store
            .read(|read| {
                Ok::<_, StoreError>(read.connection.query_row(
                    &format!("SELECT COUNT(*) FROM {table} WHERE instr({column}, ?) > 0"),
                    [CANARY],
                    |row| row.get(0),
                )?)
            })
            .unwrap()
    };
    assert_eq!(kept("conflict", "lost"), 1, "it is there to be seen");
    assert_eq!(kept("outbox", "outcome"), 0, "and nowhere else");
    store
        .take_page(&page(vec![person_removal(erased.into())], Vec::new()))
        .unwrap();
    assert_eq!(kept("conflict", "lost"), 0);
}
