//! What devices and the county have in common: records, and what follows from them.

use porch_domain::consent::Fate;

use crate::rules::{
    ALIAS, ANEW, APART, JUDGED, OTHERS, PERSON, PHOTOS, Phone, REFUSAL, REPORT, Rules, Set, TOMS,
    WITHDRAWAL, YES, each,
};

/// One transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Write {
    /// Rosa's phone number, by whoever saw that one.
    Phone { phone: Phone, base: Phone },
    /// A record of consent.
    Record(Set),
    /// A photo with its subjects.
    Photo(Set),
    /// The order to erase Rosa.
    Erasure,
}

impl Write {
    /// Whether it is about what goes.
    pub(crate) fn is_about(self, going: Set) -> bool {
        match self {
            Self::Phone { .. } => going & PERSON != 0,
            Self::Record(record) | Self::Photo(record) => going & record != 0,
            Self::Erasure => going != 0,
        }
    }
}

/// The records of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Replica {
    /// Records of consent and of photos.
    pub(crate) held: Set,
    /// Photos whose content lies here.
    pub(crate) content: Set,
    /// Photos that were removed or not taken in, and never come in again.
    pub(crate) barred: Set,
    pub(crate) phone: Option<Phone>,
    /// Values that lost and are kept for a person.
    pub(crate) kept: Set,
    /// What went when Rosa was erased, once it is known here.
    pub(crate) erased: Set,
}

impl Replica {
    pub(crate) const EMPTY: Self = Self {
        held: 0,
        content: 0,
        barred: 0,
        phone: None,
        kept: 0,
        erased: 0,
    };

    pub(crate) const FIRST: Self = Self {
        held: YES | TOMS,
        phone: Some(Phone::FIRST),
        ..Self::EMPTY
    };

    /// Takes a write in. False when it was refused.
    pub(crate) fn take(&mut self, write: Write, rules: &Rules) -> bool {
        if write.is_about(self.erased) {
            return false;
        }
        match write {
            Write::Phone { phone, base } => {
                let Some(standing) = self.phone else {
                    return false;
                };
                let edited = Rules::merged(standing, phone, base);
                self.phone = Some(edited.phone);
                self.kept |= edited.kept;
            }
            Write::Record(record) => {
                self.held |= record;
                self.remove_what_fell(rules);
            }
            Write::Photo(photo) => {
                if self.barred & photo != 0 || !rules.may_store(self.held, photo) {
                    self.barred |= photo;
                    return false;
                }
                self.held |= photo;
                self.content |= photo;
            }
            Write::Erasure => {}
        }
        true
    }

    /// A record that takes permission away takes the content with it.
    pub(crate) fn remove_what_fell(&mut self, rules: &Rules) {
        for photo in each(self.content) {
            if rules.fate(self.held, photo) == Fate::Removed {
                self.content &= !photo;
                self.barred |= photo;
            }
        }
    }

    pub(crate) fn erase(&mut self, going: Set) {
        *self = Self {
            held: self.held & !going,
            erased: going,
            ..Self::EMPTY
        };
    }

    /// Nothing lies here that what is known here does not permit, but for what waits for a ruling and is not shown.
    pub(crate) fn is_permitted(&self, rules: &Rules) -> bool {
        each(self.content).all(|photo| match rules.fate(self.held, photo) {
            Fate::Stands => true,
            Fate::Suspended => self.held & REPORT != 0,
            Fate::Removed => false,
        })
    }

    /// What may be shown, and given to others, of what lies here.
    pub(crate) fn shown(&self, rules: &Rules) -> Set {
        each(self.content)
            .filter(|photo| rules.fate(self.held, *photo) == Fate::Stands)
            .fold(0, |shown, photo| shown | photo)
    }

    /// Photos that are known here and whose content may come.
    pub(crate) fn lacks(&self, rules: &Rules) -> Set {
        each(self.held & PHOTOS & !self.content & !self.barred)
            .filter(|photo| rules.may_store(self.held, *photo))
            .fold(0, |lacks, photo| lacks | photo)
    }

    /// Nothing of whom it knows to be erased.
    pub(crate) fn is_clean(&self) -> bool {
        let traces = self.held & self.erased | self.content | self.kept;
        self.erased == 0 || (traces == 0 && self.phone.is_none())
    }

    /// What lies here in a feed.
    pub(crate) fn records(&self) -> Set {
        self.held | if self.phone.is_some() { PERSON } else { 0 }
    }

    /// What others must have, too. What waits for a ruling is given to nobody until it stands again.
    pub(crate) fn shared(&self, rules: &Rules) -> (Set, Set, Option<Phone>) {
        (self.held, self.shown(rules), self.phone)
    }
}

/// Records that may take permission away, and so go first, with what says whose they are.
pub(crate) const URGENT: Set = REFUSAL | WITHDRAWAL | OTHERS | ALIAS | APART | JUDGED;

/// The order in which records rest on one another: consent before photos.
pub(crate) fn in_order(set: Set) -> impl Iterator<Item = Set> {
    each(set & !PHOTOS & !ANEW)
        .chain(each(set & ANEW))
        .chain(each(set & PHOTOS))
}
