//! A device: confirmed records, unsent writes on top, places, and what it knows of its scope.

use crate::county::{Asking, Page, Scope};
use crate::replica::{Replica, Write, in_order};
use crate::rules::{PERSON, PHOTOS, Rules, Set};
use crate::world::Flaw;

/// The scope, as the device knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Parting {
    /// It holds it.
    No,
    /// It was told that it is taken.
    Told,
    /// Nothing of it is left here.
    Gone,
    /// And the county knows.
    Confirmed,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Device {
    pub(crate) confirmed: Replica,
    /// All that was ever saved here, as it was.
    pub(crate) writes: Vec<Write>,
    /// Which of them have lost their body, a bit each.
    pub(crate) blanked: Set,
    /// How many have an answer.
    pub(crate) answered: u8,
    /// How many of these have come back from the county, or were overtaken there.
    settled: u8,
    after: u8,
    urgent_after: u8,
    pub(crate) parting: Parting,
    /// A page that is on its way.
    pub(crate) page: Option<Page>,
}

impl Device {
    pub(crate) fn new(head: u8) -> Self {
        Self {
            confirmed: Replica::FIRST,
            writes: Vec::new(),
            blanked: 0,
            answered: 0,
            settled: 0,
            after: head,
            urgent_after: 0,
            parting: Parting::No,
            page: None,
        }
    }

    /// What lies in the outbox as a body, from a transaction on.
    pub(crate) fn bodies(&self, from: u8) -> impl Iterator<Item = Write> {
        let writes = self.writes.iter().copied().enumerate();
        writes
            .filter(move |(n, _)| *n >= from.into() && self.blanked & 1 << n == 0)
            .map(|(_, write)| write)
    }

    /// What its screens show: the confirmed records, with the writes on top that have not come back.
    pub(crate) fn shows(&self, rules: &Rules) -> Replica {
        let mut shown = self.confirmed;
        for write in self.bodies(self.settled) {
            shown.take(write, rules);
        }
        shown
    }

    /// The next transaction got its answer.
    pub(crate) fn hear(&mut self, refused: bool, rules: &Rules, flaw: Option<Flaw>) {
        let sequence = usize::from(self.answered);
        self.answered += 1;
        if self.blanked & 1 << sequence != 0 {
            return;
        }
        match self.writes[sequence] {
            Write::Photo(photo) if refused => self.confirmed.barred |= photo,
            _ if refused => {}
            // What was pulled last may be later than it: it is not merged with.
            Write::Phone { .. } if flaw != Some(Flaw::AnswersAreMerged) => {}
            // It was permitted when it was stored; now it may wait for a ruling.
            Write::Photo(photo) => {
                self.confirmed.held |= photo;
                self.confirmed.content |= photo & !self.confirmed.barred;
                self.confirmed.remove_what_fell(rules);
            }
            write => {
                self.confirmed.take(write, rules);
            }
        }
        if flaw == Some(Flaw::AnswersAreMerged) {
            self.settled = self.answered;
        }
    }

    pub(crate) fn asks(&self, device: usize, limit: usize, rules: &Rules) -> Asking {
        Asking {
            device,
            after: self.after,
            urgent_after: self.urgent_after,
            holds: self.parting == Parting::No,
            scrubbed: self.confirmed.erased != 0,
            left: self.parting == Parting::Gone,
            lacks: self.confirmed.lacks(rules),
            limit,
        }
    }

    /// Whether a page says anything that is not known.
    pub(crate) fn is_news(&self, page: &Page, rules: &Rules) -> bool {
        let scope = match page.scope {
            Scope::Held => self.parting != Parting::No,
            Scope::Leaving => self.parting == Parting::No,
            Scope::Left => self.parting != Parting::Confirmed,
        };
        let further = page.to > self.after || page.urgent_to > self.urgent_after;
        let settles = page.complete && self.settled < self.answered;
        let brings = page.content & self.confirmed.lacks(rules) != 0;
        scope
            || (self.parting == Parting::No && (further || settles || brings))
            || (page.removals != 0 && self.confirmed.erased == 0)
    }

    /// Takes a page in, places and rows in one step.
    pub(crate) fn arrive(&mut self, page: &Page, rules: &Rules, flaw: Option<Flaw>) {
        if page.removals != 0 {
            self.confirmed.erase(page.removals);
            let writes = self.writes.iter().enumerate();
            let about = writes.filter(|(_, write)| write.is_about(page.removals));
            self.blanked = about.fold(0, |blanked, (n, _)| blanked | 1 << n);
        }
        match (page.scope, self.parting) {
            (Scope::Held, Parting::No) if page.gives => {}
            (Scope::Held, Parting::No) => return,
            (Scope::Held, _) => {
                // Given again: from the start.
                self.parting = Parting::No;
                self.after = 0;
                self.urgent_after = 0;
                return;
            }
            (Scope::Leaving, Parting::No) => {
                self.parting = Parting::Told;
                return;
            }
            (Scope::Left, Parting::Gone) => {
                self.parting = Parting::Confirmed;
                return;
            }
            _ => return,
        }
        self.take_rows(page, rules, flaw);
        self.save_places(page);
        if page.complete {
            self.settled = self.answered;
        }
    }

    pub(crate) fn save_places(&mut self, page: &Page) {
        self.after = page.to;
        self.urgent_after = page.urgent_to;
    }

    fn take_rows(&mut self, page: &Page, rules: &Rules, flaw: Option<Flaw>) {
        if self.confirmed.erased != 0 {
            // What comes late of whom was erased is dropped.
            self.confirmed.held |= (page.rows | page.urgent) & !self.confirmed.erased & !PERSON;
            return;
        }
        for record in in_order(page.urgent).chain(in_order(page.rows)) {
            if record == PERSON {
                self.confirmed.phone = page.phone;
                self.settled = self.answered;
            } else if record & PHOTOS != 0 {
                self.confirmed.held |= record;
                if page.fell & record != 0 {
                    self.confirmed.content &= !record;
                    self.confirmed.barred |= record;
                }
            } else if flaw == Some(Flaw::ContentStays) {
                self.confirmed.held |= record;
            } else {
                self.confirmed.take(Write::Record(record), rules);
            }
        }
        // Content comes when its turn comes, and is kept where what is known by then permits it.
        self.confirmed.content |= page.content & self.confirmed.lacks(rules);
    }

    /// Removes everything of the scope, once everything was answered.
    pub(crate) fn can_leave(&self, flaw: Option<Flaw>) -> bool {
        let sent = usize::from(self.answered) == self.writes.len();
        self.parting == Parting::Told && (sent || flaw == Some(Flaw::LeavesBeforeSending))
    }

    pub(crate) fn leave(&mut self, flaw: Option<Flaw>) {
        self.parting = Parting::Gone;
        if flaw != Some(Flaw::LeavesNothingBehind) {
            self.confirmed = Replica {
                erased: self.confirmed.erased,
                ..Replica::EMPTY
            };
        }
        self.after = 0;
        if flaw == Some(Flaw::LeavesBeforeSending) {
            self.blanked = (0..self.writes.len()).fold(0, |blanked, n| blanked | 1 << n);
        }
    }

    /// Nothing is here but numbers.
    pub(crate) fn is_empty(&self) -> bool {
        let Replica {
            held,
            content,
            phone,
            kept,
            ..
        } = self.confirmed;
        held | content | kept == 0 && phone.is_none() && self.bodies(self.answered).count() == 0
    }

    /// Nothing of whom it knows to be erased, the outbox included.
    pub(crate) fn is_clean(&self) -> bool {
        let mut bodies = self.bodies(0);
        self.confirmed.is_clean() && !bodies.any(|write| write.is_about(self.confirmed.erased))
    }
}
