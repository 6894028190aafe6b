//! The county: feeds, the removal log, and the scopes of devices.

use crate::replica::{Replica, URGENT, Write};
use crate::rules::{ALIAS, BITS, PERSON, PHOTOS, Phone, Rules, STOP, STOP_END, Set, each};
use crate::world::Flaw;

/// The scope of a device, as the county has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    Held,
    Leaving,
    Left,
}

/// Places in a feed, by the bit of the record; 0 is none.
pub(crate) type Places = [u8; BITS];

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct County {
    pub(crate) has: Replica,
    feed: Places,
    head: u8,
    urgent: Places,
    /// The place of the removals, once there are some.
    removals: u8,
    urgent_head: u8,
    /// How many transactions of each device it has seen.
    pub(crate) seen: Vec<u8>,
    /// Which of them were refused, a bit each.
    pub(crate) refused: Vec<Set>,
    pub(crate) scopes: Vec<Scope>,
    /// Devices that have not confirmed the erasure, a bit each.
    pub(crate) waiting: Set,
    /// Values of the phone number that were replaced by somebody who had seen them.
    pub(crate) replaced: Set,
}

/// What a device is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Page {
    /// What goes, if the erasure is told.
    pub(crate) removals: Set,
    pub(crate) urgent: Set,
    pub(crate) urgent_to: u8,
    pub(crate) rows: Set,
    pub(crate) to: u8,
    pub(crate) content: Set,
    /// Of the rows, photos that were removed.
    pub(crate) fell: Set,
    pub(crate) phone: Option<Phone>,
    pub(crate) scope: Scope,
    /// It speaks of the scope's feed.
    pub(crate) gives: bool,
    /// Nothing is left to ask for.
    pub(crate) complete: bool,
}

/// What a device says when it asks.
pub(crate) struct Asking {
    pub(crate) device: usize,
    pub(crate) after: u8,
    pub(crate) urgent_after: u8,
    /// It asks for the scope's rows.
    pub(crate) holds: bool,
    pub(crate) scrubbed: bool,
    pub(crate) left: bool,
    /// Photos that it knows and whose content it has not got.
    pub(crate) lacks: Set,
    /// How many rows it takes at most.
    pub(crate) limit: usize,
}

fn after(places: &Places, after: u8) -> Vec<(u8, Set)> {
    let mut found: Vec<(u8, Set)> = each(Set::MAX)
        .zip(places)
        .filter(|(_, place)| **place > after)
        .map(|(record, place)| (*place, record))
        .collect();
    found.sort_unstable();
    found
}

impl County {
    pub(crate) fn new(devices: usize) -> Self {
        let mut county = Self {
            has: Replica::FIRST,
            feed: [0; BITS],
            head: 0,
            urgent: [0; BITS],
            removals: 0,
            urgent_head: 0,
            seen: vec![0; devices],
            refused: vec![0; devices],
            scopes: vec![Scope::Held; devices],
            waiting: 0,
            replaced: 0,
        };
        county.publish(county.has.records());
        county
    }

    pub(crate) fn head(&self) -> u8 {
        self.head
    }

    fn publish(&mut self, records: Set) {
        for record in crate::replica::in_order(records) {
            self.head += 1;
            self.feed[record.trailing_zeros() as usize] = self.head;
            if record & URGENT != 0 {
                self.urgent_head += 1;
                self.urgent[record.trailing_zeros() as usize] = self.urgent_head;
            }
        }
    }

    /// Takes in the transaction that is expected next from a device; none is a blanked one.
    pub(crate) fn receive(
        &mut self,
        device: usize,
        write: Option<Write>,
        rules: &Rules,
        flaw: Option<Flaw>,
    ) {
        let before = self.has;
        if flaw == Some(Flaw::NothingIsBarred) && self.has.erased != 0 {
            // As a server without a removal log: what comes late is taken in again.
            if let Some(Write::Phone { phone, .. }) = write {
                self.has.phone = Some(phone);
            }
        }
        let taken = write.is_some_and(|write| self.has.take(write, rules));
        if flaw == Some(Flaw::MergingRemovesNothing) && write == Some(Write::Record(ALIAS)) {
            self.has.content = before.content;
        }
        if flaw == Some(Flaw::LastWriteWins)
            && let Some(Write::Phone { phone, .. }) = write
            && taken
        {
            self.has.phone = Some(phone);
            self.has.kept = before.kept;
        }
        if !taken {
            self.refused[device] |= 1 << self.seen[device];
        }
        self.seen[device] += 1;
        match write {
            Some(Write::Erasure) if taken => self.erase(rules),
            Some(Write::Phone { base, .. }) if taken => {
                if self.has.phone != before.phone && before.phone == Some(base) {
                    self.replaced |= 1 << base.value;
                }
                self.publish(PERSON);
            }
            Some(Write::Record(record)) if taken => {
                // What was removed is told by its record, too.
                let fell = before.content & !self.has.content;
                self.publish(record);
                if record == STOP_END {
                    self.publish(self.has.held & STOP);
                }
                self.publish(fell);
            }
            Some(Write::Photo(photo)) if taken => self.publish(photo),
            _ => {}
        }
    }

    fn erase(&mut self, rules: &Rules) {
        let going = rules.going(self.has.held);
        self.has.erase(going);
        for record in each(going) {
            self.feed[record.trailing_zeros() as usize] = 0;
            self.urgent[record.trailing_zeros() as usize] = 0;
        }
        self.urgent_head += 1;
        self.removals = self.urgent_head;
        self.waiting = (0..self.scopes.len())
            .filter(|device| self.scopes[*device] != Scope::Left)
            .fold(0, |waiting, device| waiting | 1 << device);
    }

    pub(crate) fn answer(&mut self, asking: &Asking, rules: &Rules) -> Page {
        let device = asking.device;
        if asking.left && self.scopes[device] == Scope::Leaving {
            self.scopes[device] = Scope::Left;
        }
        let scope = self.scopes[device];
        let mut page = Page {
            removals: 0,
            urgent: 0,
            urgent_to: self.urgent_head,
            rows: 0,
            to: asking.after,
            content: 0,
            fell: 0,
            phone: None,
            scope,
            gives: asking.holds && scope == Scope::Held,
            complete: false,
        };
        if self.waiting & 1 << device != 0 && self.removals > asking.urgent_after {
            page.removals = self.has.erased;
        }
        let gives = page.gives;
        let mut complete = true;
        if gives {
            for (place, record) in after(&self.urgent, asking.urgent_after) {
                if page.urgent.count_ones() as usize == asking.limit {
                    complete = false;
                    break;
                }
                page.urgent |= record;
                page.urgent_to = place;
            }
            if complete {
                page.urgent_to = self.urgent_head;
            } else if self.removals > page.urgent_to {
                page.removals = 0;
            }
        }
        if gives && complete {
            let rows = after(&self.feed, asking.after);
            let all = rows.len() <= asking.limit;
            for (place, record) in rows.into_iter().take(asking.limit) {
                page.rows |= record;
                page.to = page.to.max(place);
            }
            if all {
                page.to = self.head;
                page.complete = true;
            }
            // What waits for a ruling is not given.
            page.content = self.has.shown(rules) & (page.rows | asking.lacks);
            page.fell = page.rows & PHOTOS & !self.has.content;
            page.phone = self.has.phone.filter(|_| page.rows & PERSON != 0);
        }
        if asking.scrubbed {
            self.waiting &= !(1 << device);
        }
        page
    }
}
