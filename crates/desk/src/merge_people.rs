//! Merges what was registered twice, and undoes it: two records of one person, or of one family with
//! everybody who is in it twice.

use std::collections::{BTreeSet, HashSet};

use porch_domain::alias::{Alias, Registered};
use porch_domain::catalogue::{Record, RecordEntry};
use porch_domain::family::Family;
use porch_domain::id::{FamilyId, PersonId, RecordId as _, RegisteredId, derive_alias_id};
use porch_domain::person::Person;
use porch_store::{StoreError, Write};
use porch_sync::{Change, alias_between};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::{created, edited};
use crate::people::{Sight, visible_family, visible_person};
use crate::refusal::{Code, Nothing, Refusal};
use crate::withdraw_consent::{note_removals, scrub};
use crate::work::Work;

/// Two records of one person.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergePeopleRequest {
    /// One record.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// The fields of which the other's value is right; of all others it is the first one's.
    pub of_other: BTreeSet<String>,
}

/// Two records of one family, and the people who are in both.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeFamiliesRequest {
    /// One record.
    pub one: FamilyId,
    /// The other.
    pub other: FamilyId,
    /// The fields of which the other's value is right.
    pub of_other: BTreeSet<String>,
    /// Who of one is who of the other.
    pub people: Vec<MergePeopleRequest>,
}

/// What was merged by mistake: two people, or two families.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnmergeRequest {
    /// What they are.
    pub kind: Registered,
    /// One record.
    pub one: RegisteredId,
    /// The other.
    pub other: RegisteredId,
}

/// What was written since they were merged, for somebody to look at.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct UnmergedView {
    /// The fields, as far as the login may see them.
    pub later: Vec<LaterEditView>,
}

/// A field that was written since the merge, and stays where it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct LaterEditView {
    /// In which record.
    pub record: RegisteredId,
    /// Which field.
    pub field: String,
}

const MERGE: &str = "merge";

pub(crate) fn merge_people(work: &Work, request: MergePeopleRequest) -> Result<Nothing, Refusal> {
    work.write(|write| {
        let change = merge_two_people(work, write, &request)?;
        save(work, write, vec![change])
    })?;
    scrub(work);
    Ok(Nothing {})
}

pub(crate) fn merge_families(
    work: &Work,
    request: MergeFamiliesRequest,
) -> Result<Nothing, Refusal> {
    work.write(|write| {
        let sight = Sight(work.login.role);
        for family in [request.one, request.other] {
            visible_family(write, sight, family)?;
        }
        let homes = [request.one, request.other].map(|home| home.uuid().into());
        let mut changes = vec![merge::<Family>(work, write, homes, &request.of_other)?];
        let mut named = HashSet::new();
        for pair in &request.people {
            for (person, home) in [(pair.one, request.one), (pair.other, request.other)] {
                let members = write.members_of(home, work.today)?;
                let belongs = members.iter().any(|member| member.person == person);
                if !belongs || !named.insert(person) {
                    return Err(Refusal::of_field("people", Code::Invalid));
                }
            }
            changes.push(merge_two_people(work, write, pair)?);
        }
        save(work, write, changes)
    })?;
    scrub(work);
    Ok(Nothing {})
}

/// Undoing revives no picture that went because of it.
pub(crate) fn unmerge(work: &Work, request: UnmergeRequest) -> Result<UnmergedView, Refusal> {
    let view = work.write(|write| {
        let sight = Sight(work.login.role);
        for end in [request.one, request.other] {
            match request.kind {
                Registered::Person => {
                    visible_person(write, sight, end.uuid().into(), work.today)?;
                }
                Registered::Family => {
                    visible_family(write, sight, end.uuid().into())?;
                }
            }
        }
        let (alias, seen) = write.record::<Alias>(derive_alias_id(request.one, request.other))?;
        if !alias.stands() || alias.kind != request.kind {
            return Err(Code::NotFound.into());
        }
        let entry = match request.kind {
            Registered::Person => Person::entry(),
            Registered::Family => Family::entry(),
        };
        let later = write.edits_since_merging(&alias)?.into_iter();
        let later = later
            .filter(|edit| may_see(sight, entry, &edit.field))
            .map(|edit| LaterEditView {
                record: edit.record.into(),
                field: edit.field,
            })
            .collect();
        let ended = Alias {
            ended_by: Some(work.login.user),
            ended_at: Some(work.now),
            ..alias.clone()
        };
        let change = edited(&alias.to_fields(), &ended, &seen);
        work.save(write, "unmerge", change.into_iter().collect())?;
        note_removals(work, write, alias.id.uuid())?;
        Ok::<_, Refusal>(UnmergedView { later })
    })?;
    scrub(work);
    Ok(view)
}

fn may_see(sight: Sight, entry: &RecordEntry, field: &str) -> bool {
    entry
        .field(field)
        .is_some_and(|field| porch_domain::role::can_read(sight.0, field))
}

fn save(work: &Work, write: &Write<'_>, changes: Vec<Change>) -> Result<(), Refusal> {
    let aliases: Vec<_> = changes.iter().map(|change| change.id).collect();
    work.save(write, MERGE, changes)?;
    for alias in aliases {
        note_removals(work, write, alias)?;
    }
    Ok(())
}

fn merge_two_people(
    work: &Work,
    write: &Write<'_>,
    request: &MergePeopleRequest,
) -> Result<Change, Refusal> {
    let sight = Sight(work.login.role);
    for person in [request.one, request.other] {
        visible_person(write, sight, person, work.today)?;
        // Whoever is to be erased is not made one with somebody who is not.
        if write.order_to_erase(person)?.is_some() {
            return Err(Code::NotFound.into());
        }
    }
    let people = [request.one, request.other].map(|person| person.uuid().into());
    merge::<Person>(work, write, people, &request.of_other)
}

/// The alias between the survivors of two records, as they show.
fn merge<R: Record>(
    work: &Work,
    write: &Write<'_>,
    [one, other]: [RegisteredId; 2],
    of_other: &BTreeSet<String>,
) -> Result<Change, Refusal> {
    let one = write.survivor(one)?;
    let other = write.survivor(other)?;
    if one == other {
        return Err(Refusal::of_field("other", Code::Invalid));
    }
    // Nobody chooses between values that they may not see.
    let known = |field: &String| {
        let field = R::entry().field(field);
        field.is_some_and(|field| porch_domain::role::can_read(work.login.role, field))
    };
    if !of_other.iter().all(known) {
        return Err(Refusal::of_field("of_other", Code::NotAllowed));
    }
    let row = |of: RegisteredId| write.row(R::KIND, of.uuid())?.ok_or(StoreError::NotFound);
    let (mine, yours) = (row(one)?, row(other)?);
    let alias = alias_between([&mine, &yours], of_other, work.login.user, work.now)
        .ok_or(Code::Internal)?;
    match write.record::<Alias>(alias.id) {
        Err(StoreError::NotFound) => Ok(created(&alias, work.device.centre)),
        // They were merged before, and that was undone.
        known => {
            let (known, seen) = known?;
            edited(&known.to_fields(), &alias, &seen).ok_or_else(|| Code::Internal.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use porch_domain::role::Role;

    use super::*;
    use crate::open_family::{FamilyRequest, family};
    use crate::people::sample::{FrontDesk, beispiels, form, why};
    use crate::register::register;
    use porch_domain::membership::MemberRole;

    fn again() -> crate::register::RegistrationRequest {
        let mut request = beispiels();
        request.adults = vec![form("Tessa", "Beispiel", MemberRole::ParentCarer)];
        request
    }

    fn people(work: &Work, family_id: FamilyId) -> Vec<(PersonId, String)> {
        let request = FamilyRequest {
            family: family_id,
            reason: None,
        };
        let view = family(work, request).unwrap();
        let members = view.members.into_iter();
        members
            .map(|member| (member.person, member.given_name))
            .collect()
    }

    fn request(one: PersonId, other: PersonId, of_other: &[&str]) -> MergePeopleRequest {
        MergePeopleRequest {
            one,
            other,
            of_other: of_other.iter().map(|field| (*field).to_owned()).collect(),
        }
    }

    #[test]
    fn a_family_that_was_registered_twice_is_one_until_it_is_undone() {
        let front = FrontDesk::open();
        let first = front.beispiels();
        front.does(Role::Manager, |work| {
            let second = register(work, again()).unwrap().family;
            let (one, other) = (people(work, first), people(work, second));
            let pairs = one.iter().zip(&other);
            let pairs = pairs
                .map(|(one, other)| request(one.0, other.0, &[]))
                .collect();
            let families = MergeFamiliesRequest {
                one: second,
                other: first,
                of_other: BTreeSet::new(),
                people: Vec::new(),
            };
            merge_families(
                work,
                MergeFamiliesRequest {
                    one: first,
                    other: second,
                    people: pairs,
                    ..families.clone()
                },
            )
            .unwrap();
            // Both were registered in the same millisecond: either may be the older one.
            let survivors = one.iter().zip(&other);
            let survivors: Vec<(PersonId, String)> = survivors
                .map(|(one, other)| (one.0.min(other.0), one.1.clone()))
                .collect();
            for opened in [first, second] {
                assert_eq!(people(work, opened), survivors, "it is one family");
            }
            assert_eq!(
                why(merge_families(work, families)),
                (Code::Invalid, Some("other".into())),
                "they are one already"
            );
            let view = unmerge(
                work,
                UnmergeRequest {
                    kind: Registered::Family,
                    one: first.uuid().into(),
                    other: second.uuid().into(),
                },
            )
            .unwrap();
            assert!(view.later.is_empty());
            for (one, other) in one.iter().zip(&other) {
                unmerge(
                    work,
                    UnmergeRequest {
                        kind: Registered::Person,
                        one: one.0.uuid().into(),
                        other: other.0.uuid().into(),
                    },
                )
                .unwrap();
            }
            assert_eq!(people(work, second), other);
            assert_eq!(
                why(unmerge(
                    work,
                    UnmergeRequest {
                        kind: Registered::Family,
                        one: first.uuid().into(),
                        other: second.uuid().into(),
                    },
                ))
                .0,
                Code::NotFound,
                "it is undone already"
            );
        });
    }

    #[test]
    fn what_is_written_since_is_listed_and_the_same_two_can_be_merged_again() {
        let front = FrontDesk::open();
        let first = front.beispiels();
        front.does(Role::Manager, |work| {
            let second = register(work, again()).unwrap().family;
            let (testa, tessa) = (people(work, first)[0].0, people(work, second)[0].0);
            let survivor = testa.min(tessa);
            let undo = UnmergeRequest {
                kind: Registered::Person,
                one: testa.uuid().into(),
                other: tessa.uuid().into(),
            };
            merge_people(work, request(testa, tessa, &["given_name"])).unwrap();
            assert_eq!(people(work, first)[0], (survivor, "Tessa".to_owned()));
            work.write(|write| {
                // Whichever record is named, the survivor is edited.
                let (person, seen) = write.record::<Person>(tessa)?;
                let renamed = Person {
                    known_as: Some("Tess".to_owned()),
                    ..person.clone()
                };
                let change = edited(&person.to_fields(), &renamed, &seen).unwrap();
                work.save(write, "test", vec![change])
            })
            .unwrap();
            let later = unmerge(work, undo).unwrap().later;
            let expected = LaterEditView {
                record: survivor.uuid().into(),
                field: "known_as".to_owned(),
            };
            assert_eq!(later, [expected]);
            merge_people(work, request(tessa, testa, &[])).unwrap();
            assert_eq!(people(work, first)[0], (survivor, "Tessa".to_owned()));
            assert!(unmerge(work, undo).unwrap().later.is_empty());
        });
    }

    #[test]
    fn nonsense_is_refused() {
        let front = FrontDesk::open();
        let first = front.beispiels();
        let (testa, tim, tessa, second) = front.does(Role::Manager, |work| {
            let second = register(work, again()).unwrap().family;
            let one = people(work, first);
            (one[0].0, one[1].0, people(work, second)[0].0, second)
        });
        front.does(Role::Practitioner, |work| {
            let refused = |request| why(merge_people(work, request));
            assert_eq!(
                refused(request(testa, testa, &[])),
                (Code::Invalid, Some("other".into()))
            );
            let nobody = PersonId::make(9, [9; 10]);
            assert_eq!(refused(request(testa, nobody, &[])).0, Code::NotFound);
            assert_eq!(
                refused(request(testa, tessa, &["shoe_size"])),
                (Code::NotAllowed, Some("of_other".into()))
            );
            let strangers = MergeFamiliesRequest {
                one: first,
                other: second,
                of_other: BTreeSet::new(),
                people: vec![request(testa, tim, &[])],
            };
            assert_eq!(
                why(merge_families(work, strangers)),
                (Code::Invalid, Some("people".into())),
                "he is not of the other family"
            );
        });
        // A hidden family is not there for whoever may not open it.
        front.does(Role::Manager, |work| {
            let (family, seen) = work.read(|read| read.record::<Family>(second)).unwrap();
            let hidden = Family {
                protected: true,
                ..family.clone()
            };
            let change = edited(&family.to_fields(), &hidden, &seen).unwrap();
            work.write(|write| work.save(write, "test", vec![change]))
                .unwrap();
        });
        front.does(Role::Practitioner, |work| {
            assert_eq!(
                why(merge_people(work, request(testa, tessa, &[]))).0,
                Code::NotFound
            );
        });
    }
}
