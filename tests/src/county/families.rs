//! Families: who lives with whom, and who came.

use chrono::{Days, Months};
use porch_domain::attendance::{Attendance, Departure};
use porch_domain::family::Family;
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::nhs_number::NhsNumber;
use porch_domain::person::Person;
use uuid::Uuid;

use super::names::{self, ORIGINS};
use super::{Maker, PastSession};
use crate::random::Random;

/// A member of a family to be made.
struct Member {
    person: Person,
    role: MemberRole,
    responsible: Option<bool>,
}

impl Maker {
    pub(super) fn family(&mut self, scope: Uuid, past: &[PastSession]) {
        let origin = self.random.pick(ORIGINS);
        let family_name = *self.random.pick(origin.family_names);
        let second = self.random.pick(ORIGINS);
        let no_fixed_address = self.random.chance(1, 60);
        let family = Family {
            id: self.id(),
            centre: scope.into(),
            name: None,
            address: (!no_fixed_address && !self.random.chance(1, 25)).then(|| {
                let number = self.random.below(180) + 1;
                format!("{number} {}", self.random.pick(names::STREETS))
            }),
            // NG99 is no postcode district; ZZ99 3VZ is the NHS's for no fixed abode.
            postcode: if no_fixed_address {
                "ZZ99 3VZ".parse().ok()
            } else {
                format!(
                    "NG99 {}{}",
                    self.random.below(9) + 1,
                    self.random.pick(&["AA", "BD", "EX", "JN", "TP", "XW"])
                )
                .parse()
                .ok()
            },
            no_fixed_address,
            protected: self.random.chance(1, 200),
            note: None,
        };
        let mut members = Vec::new();
        // Who looks after the children: two parents, one, a grandparent, or one who expects.
        let (carers, expecting) = match self.random.below(20) {
            0..=10 => (2, false),
            11..=16 => (1, false),
            17 | 18 => (1, true),
            _ => (0, false),
        };
        for number in 0..carers {
            let own_name = if number == 1 && self.random.chance(1, 3) {
                self.random.pick(second.family_names)
            } else {
                family_name
            };
            let given = self.random.pick(origin.given_names);
            let age = 19 + self.random.below(24);
            let mut person = self.person(given, own_name, Some(age), true);
            let role = if expecting {
                person.due_date = self
                    .first_day
                    .checked_add_days(Days::new(u64::from(self.random.below(200)) + 5));
                MemberRole::ExpectantParent
            } else {
                MemberRole::ParentCarer
            };
            members.push(Member {
                person,
                role,
                responsible: Some(true),
            });
        }
        if carers == 0 || self.random.chance(1, 12) {
            let given = self.random.pick(origin.given_names);
            let age = 50 + self.random.below(25);
            let person = self.person(given, family_name, Some(age), true);
            members.push(Member {
                person,
                role: MemberRole::Grandparent,
                responsible: Some(false),
            });
        }
        let children = if expecting {
            self.random.below(2)
        } else {
            1 + self.random.below(3)
        };
        let twins = children > 1 && self.random.chance(1, 10);
        let mut born = None;
        for number in 0..children {
            let given = self.random.pick(origin.given_names);
            let mut person = self.person(given, family_name, None, false);
            if twins && number == 1 {
                person.birth_date = born;
            } else if !self.random.chance(1, 30) {
                person.birth_date = self
                    .first_day
                    .checked_sub_days(Days::new(u64::from(self.random.below(5 * 365)) + 10));
            }
            born = person.birth_date;
            if self.random.chance(1, 15) {
                person.allergies = Some((*self.random.pick(names::ALLERGIES)).to_owned());
            }
            members.push(Member {
                person,
                role: MemberRole::Child,
                responsible: None,
            });
        }
        self.put_family(scope, &family, &members, past);
        // A child of two homes: a second family with the other parent.
        if carers == 2 && children > 0 && self.random.chance(1, 25) {
            self.second_home(scope, &members);
        }
    }

    fn put_family(
        &mut self,
        scope: Uuid,
        family: &Family,
        members: &[Member],
        past: &[PastSession],
    ) {
        self.put(Some(scope), family);
        for member in members {
            self.put(Some(scope), &member.person);
            let membership = Membership {
                id: self.id(),
                family: family.id,
                person: member.person.id,
                role: member.role,
                parental_responsibility: member.responsible,
                ended_on: None,
            };
            self.put(Some(scope), &membership);
        }
        if past.is_empty() || !self.random.chance(2, 5) {
            return;
        }
        let session = self.random.pick(past);
        let (session, from, to) = (session.id, session.from, session.to);
        for member in members {
            let attendance = Attendance {
                id: self.id(),
                session,
                person: member.person.id,
                family: family.id,
                arrived_at: from,
            };
            self.put(Some(scope), &attendance);
            let departure = Departure {
                id: self.id(),
                attendance: attendance.id,
                left_at: to,
                collected_by: None,
            };
            self.put(Some(scope), &departure);
        }
    }

    fn second_home(&mut self, scope: Uuid, members: &[Member]) {
        let home = Family {
            id: self.id(),
            centre: scope.into(),
            name: None,
            address: Some(format!(
                "{} {}",
                self.random.below(90) + 1,
                self.random.pick(names::STREETS)
            )),
            postcode: "NG99 7TP".parse().ok(),
            no_fixed_address: false,
            protected: false,
            note: None,
        };
        self.put(Some(scope), &home);
        let moved: Vec<_> = members
            .iter()
            .enumerate()
            .filter(|(number, member)| *number == 1 || member.role == MemberRole::Child)
            .map(|(_, member)| (member.person.id, member.role, member.responsible))
            .collect();
        for (person, role, parental_responsibility) in moved {
            let membership = Membership {
                id: self.id(),
                family: home.id,
                person,
                role,
                parental_responsibility,
                ended_on: None,
            };
            self.put(Some(scope), &membership);
        }
    }

    fn person(&mut self, given: &str, family_name: &str, age: Option<u32>, adult: bool) -> Person {
        let number = self.random.below(1_000);
        let phone = match self.random.below(10) {
            0 => None,
            1 | 2 => Some(format!("01632960{number:03}")),
            _ => Some(format!("07700900{number:03}")),
        };
        let months = age.map(|years| years * 12 + self.random.below(12));
        Person {
            id: self.id(),
            given_name: Some(given.to_owned()),
            family_name: Some(family_name.to_owned()),
            known_as: None,
            birth_date: months
                .filter(|_| self.random.chance(2, 3))
                .and_then(|months| self.first_day.checked_sub_months(Months::new(months))),
            due_date: None,
            gender: None,
            nhs_number: if self.random.chance(1, 4) {
                nhs_number(&mut self.random)
            } else {
                None
            },
            phone: phone.filter(|_| adult),
            email: (adult && self.random.chance(1, 3))
                .then(|| format!("parent{number}@example.org")),
            language: None,
            allergies: None,
            staff: false,
        }
    }
}

/// A number of the range 999, which is never given to anybody, with its check digit.
fn nhs_number(random: &mut Random) -> Option<NhsNumber> {
    let stem = format!("999{:06}", random.below(1_000_000));
    (0..=9).find_map(|check| NhsNumber::parse(&format!("{stem}{check}")).ok())
}
