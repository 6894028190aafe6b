//! What may happen, in which order, and what must be true all the while.

use stateright::{Model, Property};

use crate::county::{County, Page, Scope};
use crate::device::{Device, Parting};
use crate::replica::{Replica, Write};
use crate::rules::{
    ALIAS, ANEW, APART, DISMISSED, OTHERS, PHOTOS, Phone, REFUSAL, REPORT, Rules, STOP, STOP_END,
    Set, UPHELD, WITHDRAWAL, YES, is_merged,
};

pub(crate) const PERMITTED: &str = "no content lies where what is known does not permit it";
pub(crate) const ERASED: &str = "nobody who is known to be erased has a trace or comes back";
pub(crate) const LEAVES: &str = "what has left a scope holds nothing of it";
pub(crate) const NOTHING_LOST: &str = "no acknowledged write is lost";
pub(crate) const TWICE: &str = "a page taken in twice is one taken in once";
pub(crate) const AT_REST: &str = "once nothing is on its way all hold the same";
/// What must always be true.
pub(crate) const ALWAYS: [&str; 6] = [PERMITTED, ERASED, LEAVES, NOTHING_LOST, TWICE, AT_REST];

pub(crate) const CONFLICT: &str = "a value lost and is kept";
pub(crate) const STANDS: &str = "a photo stands everywhere";
pub(crate) const REMOVED: &str = "a photo was removed by a No from another device";
pub(crate) const MERGED: &str = "a photo was removed by a No under another registration";
pub(crate) const UNDONE: &str = "a merge was undone, and what it removed is gone";
pub(crate) const BOTH_GONE: &str = "an erasure took both registrations along";
pub(crate) const ONE_GONE: &str = "an alias came after the erasure of one registration";
pub(crate) const CONFIRMED: &str = "an erasure of somebody with a photo was confirmed by all";
pub(crate) const HEARD: &str = "a photo stands everywhere after a report was dismissed";
pub(crate) const LEFT: &str = "a scope was left, and given again";

/// What a desk may save.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Saved {
    Phone,
    Photo,
    Withdrawal,
    Refusal,
    Anew,
    Erasure,
    /// That two registrations are one person.
    Alias,
    /// That they are not.
    Apart,
    /// A No under the other registration.
    Others,
    /// That she withdraws, which somebody else says.
    Report,
    /// A ruling on that.
    Uphold,
    /// The other ruling.
    Dismiss,
    /// That pictures of her are stopped.
    Stop,
    /// That the stop is over.
    EndStop,
}

/// A rule that is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The county takes the latest write whatever its base, and keeps no conflict.
    LastWriteWins,
    /// The county takes in what comes late of somebody who was erased.
    NothingIsBarred,
    /// The county keeps content when an alias arrives.
    MergingRemovesNothing,
    /// A device keeps content when a No arrives.
    ContentStays,
    /// A device saves its places and is killed before the rows.
    PlacesAlone,
    /// A device merges a write that was answered with what it pulled last, which may be later.
    AnswersAreMerged,
    /// A device leaves a scope before what it wrote there was sent.
    LeavesBeforeSending,
    /// A device says that it has left, and has removed nothing.
    LeavesNothingBehind,
}

/// How far the model goes.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// How many transactions each device writes at most.
    pub(crate) writes: &'static [u8],
    pub(crate) saves: &'static [Saved],
    /// Whether pages may also come a record at a time.
    pub(crate) in_parts: bool,
    /// How often the last device's scope is taken or given.
    pub(crate) scope_changes: u8,
    pub(crate) flaw: Option<Flaw>,
}

pub(crate) struct World {
    bounds: Bounds,
    rules: Rules,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    county: County,
    devices: Vec<Device>,
    /// Records and photos that were made, each once.
    made: Set,
    ordered: bool,
    scope_changes: u8,
    twice_differs: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Save(usize, Saved),
    /// The next transaction arrives at the county, with or without its body.
    Receive(usize, bool),
    /// Its answer arrives at the device.
    Hear(usize),
    /// A device asks, and the county answers with all or with one record.
    Ask(usize, usize),
    /// The answer arrives.
    Arrive(usize),
    /// It never does.
    Drop(usize),
    /// A device that was told removes what it held.
    Leave(usize),
    Take,
    Give,
}

impl World {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            rules: Rules::new(),
        }
    }

    fn write(&self, state: &State, device: usize, saved: Saved) -> Option<Write> {
        let desk = &state.devices[device];
        if desk.writes.len() == usize::from(self.bounds.writes[device])
            || !matches!(desk.parting, Parting::No | Parting::Told)
        {
            return None;
        }
        let shown = desk.shows(&self.rules);
        let base = shown.phone?;
        let record = |record: Set| {
            let may = shown.held & YES != 0 && (shown.held | state.made) & record == 0;
            may.then_some(Write::Record(record))
        };
        match saved {
            Saved::Phone => {
                let before: u8 = self.bounds.writes[..device].iter().sum();
                let sequence = u8::try_from(desk.writes.len()).ok()?;
                let phone = Phone {
                    value: 1 + before + sequence,
                    device: u8::try_from(device).ok()?,
                    sequence,
                };
                Some(Write::Phone { phone, base })
            }
            Saved::Photo => {
                let photo = self.rules.permit(shown.held)?;
                (state.made & photo == 0).then_some(Write::Photo(photo))
            }
            Saved::Withdrawal => record(WITHDRAWAL),
            Saved::Refusal => record(REFUSAL),
            Saved::Anew => record(ANEW),
            Saved::Alias => record(ALIAS),
            Saved::Apart => record(APART).filter(|_| shown.held & ALIAS != 0),
            Saved::Others => record(OTHERS),
            Saved::Report => record(REPORT),
            Saved::Uphold => record(UPHELD).filter(|_| shown.held & REPORT != 0),
            Saved::Dismiss => record(DISMISSED).filter(|_| shown.held & REPORT != 0),
            Saved::Stop => record(STOP),
            Saved::EndStop => record(STOP_END).filter(|_| shown.held & STOP != 0),
            Saved::Erasure => (!state.ordered).then_some(Write::Erasure),
        }
    }

    fn asked(&self, state: &State, device: usize, limit: usize) -> Option<(County, Page)> {
        let desk = &state.devices[device];
        if desk.page.is_some() {
            return None;
        }
        let mut county = state.county.clone();
        let page = county.answer(&desk.asks(device, limit, &self.rules), &self.rules);
        (county != state.county || desk.is_news(&page, &self.rules)).then_some((county, page))
    }

    /// What brings what was written to everybody: all but people's own doing and losses.
    fn on_its_way(&self, state: &State, actions: &mut Vec<Action>) {
        for (device, desk) in state.devices.iter().enumerate() {
            let seen = state.county.seen[device];
            if usize::from(seen) < desk.writes.len() {
                actions.push(Action::Receive(device, true));
                if desk.blanked & 1 << seen != 0 {
                    actions.push(Action::Receive(device, false));
                }
            }
            // A device that waits for a page does not push meanwhile.
            if desk.answered < seen && desk.page.is_none() {
                actions.push(Action::Hear(device));
            }
            let limits = [usize::MAX, 1];
            for limit in limits
                .into_iter()
                .take(1 + usize::from(self.bounds.in_parts))
            {
                if self.asked(state, device, limit).is_some() {
                    actions.push(Action::Ask(device, limit));
                }
            }
            if desk.page.is_some() {
                actions.push(Action::Arrive(device));
            }
            if desk.can_leave(self.bounds.flaw) {
                actions.push(Action::Leave(device));
            }
        }
    }

    fn is_at_rest(&self, state: &State) -> bool {
        let mut actions = Vec::new();
        self.on_its_way(state, &mut actions);
        actions.is_empty()
    }

    fn all_hold_the_same(&self, state: &State) -> bool {
        let county = &state.county;
        let same = |(device, desk): (usize, &Device)| match desk.parting {
            Parting::No => county.scopes[device] == Scope::Held && self.holds_what(state, desk),
            Parting::Confirmed => county.scopes[device] == Scope::Left,
            Parting::Told | Parting::Gone => false,
        };
        county.waiting == 0 && state.devices.iter().enumerate().all(same)
    }

    /// What the county has. But a No that was heard before the end of the merge by which it counted, or a stop that was heard
    /// before its end, took content away for good, on that device alone.
    fn holds_what(&self, state: &State, desk: &Device) -> bool {
        let mut shown = desk.shows(&self.rules);
        if state.made & (APART | STOP_END) != 0 {
            shown.content |= shown.barred & state.county.has.content;
        }
        shown.shared(&self.rules) == state.county.has.shared(&self.rules)
    }

    fn loses_nothing(&self, state: &State) -> bool {
        let county = &state.county;
        state.devices.iter().enumerate().all(|(device, desk)| {
            if desk.blanked != 0 && desk.confirmed.erased == 0 {
                return false;
            }
            desk.writes.iter().enumerate().all(|(sequence, write)| {
                let seen = sequence < county.seen[device].into();
                let refused = county.refused[device] & 1 << sequence != 0;
                !seen || refused || write.is_about(county.has.erased) || is_in(*write, county)
            })
        })
    }
}

/// Whether a write that was taken in is to be found at the county.
fn is_in(write: Write, county: &County) -> bool {
    match write {
        Write::Phone { phone, .. } => {
            county.has.phone == Some(phone)
                || (county.has.kept | county.replaced) & 1 << phone.value != 0
        }
        Write::Record(record) | Write::Photo(record) => county.has.held & record != 0,
        Write::Erasure => false,
    }
}

/// A photo is gone everywhere, where somebody merged two registrations.
fn fell_by_merging(state: &State) -> bool {
    let devices = &state.devices;
    devices.iter().all(|device| {
        let Replica { held, barred, .. } = device.confirmed;
        held & barred & PHOTOS != 0 && held & ALIAS != 0
    })
}

fn replicas<'a>(world: &'a World, state: &'a State) -> impl Iterator<Item = Replica> + 'a {
    let devices = state
        .devices
        .iter()
        .map(|device| device.shows(&world.rules));
    devices.chain([state.county.has])
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let county = County::new(self.bounds.writes.len());
        let device = Device::new(county.head());
        vec![State {
            county,
            devices: vec![device; self.bounds.writes.len()],
            made: 0,
            ordered: false,
            scope_changes: 0,
            twice_differs: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.on_its_way(state, actions);
        for (device, desk) in state.devices.iter().enumerate() {
            if desk.page.is_some() {
                actions.push(Action::Drop(device));
            }
            for saved in self.bounds.saves {
                if self.write(state, device, *saved).is_some() {
                    actions.push(Action::Save(device, *saved));
                }
            }
        }
        if state.scope_changes < self.bounds.scope_changes {
            actions.push(match state.county.scopes.last() {
                Some(Scope::Held) => Action::Take,
                _ => Action::Give,
            });
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Save(device, saved) => {
                let write = self.write(last, device, saved)?;
                match write {
                    Write::Record(record) | Write::Photo(record) => state.made |= record,
                    Write::Erasure => state.ordered = true,
                    Write::Phone { .. } => {}
                }
                state.devices[device].writes.push(write);
            }
            Action::Receive(device, whole) => {
                let sequence = usize::from(last.county.seen[device]);
                let write = last.devices[device].writes[sequence];
                let write = whole.then_some(write);
                state
                    .county
                    .receive(device, write, &self.rules, self.bounds.flaw);
            }
            Action::Hear(device) => {
                let desk = &mut state.devices[device];
                let refused = last.county.refused[device] & 1 << desk.answered != 0;
                desk.hear(refused, &self.rules, self.bounds.flaw);
            }
            Action::Ask(device, limit) => {
                let (county, page) = self.asked(last, device, limit)?;
                state.county = county;
                state.devices[device].page = Some(page);
            }
            Action::Arrive(device) => {
                let desk = &mut state.devices[device];
                let page = desk.page.take()?;
                desk.arrive(&page, &self.rules, self.bounds.flaw);
                let mut again = desk.clone();
                again.arrive(&page, &self.rules, self.bounds.flaw);
                state.twice_differs = *desk != again;
            }
            Action::Drop(device) => {
                let desk = &mut state.devices[device];
                let page = desk.page.take()?;
                if self.bounds.flaw == Some(Flaw::PlacesAlone) {
                    desk.save_places(&page);
                }
            }
            Action::Leave(device) => state.devices[device].leave(self.bounds.flaw),
            Action::Take => {
                *state.county.scopes.last_mut()? = Scope::Leaving;
                state.scope_changes += 1;
            }
            Action::Give => {
                *state.county.scopes.last_mut()? = Scope::Held;
                state.scope_changes += 1;
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(PERMITTED, |world: &World, state: &State| {
                replicas(world, state).all(|replica| replica.is_permitted(&world.rules))
            }),
            Property::always(ERASED, |_: &World, state: &State| {
                let devices = &state.devices;
                state.county.has.is_clean() && devices.iter().all(Device::is_clean)
            }),
            Property::always(LEAVES, |_: &World, state: &State| {
                let mut gone = state
                    .devices
                    .iter()
                    .filter(|device| matches!(device.parting, Parting::Gone | Parting::Confirmed));
                gone.all(Device::is_empty)
            }),
            Property::always(NOTHING_LOST, |world: &World, state: &State| {
                world.loses_nothing(state)
            }),
            Property::always(TWICE, |_: &World, state: &State| !state.twice_differs),
            Property::always(AT_REST, |world: &World, state: &State| {
                !world.is_at_rest(state) || world.all_hold_the_same(state)
            }),
        ];
        let saves = |saved| self.bounds.saves.contains(&saved);
        if saves(Saved::Phone) {
            properties.push(Property::sometimes(CONFLICT, |_: &World, state: &State| {
                state.county.has.kept != 0
            }));
        }
        if saves(Saved::Photo) {
            properties.push(Property::sometimes(
                STANDS,
                |world: &World, state: &State| {
                    world.is_at_rest(state) && replicas(world, state).all(|one| one.content != 0)
                },
            ));
        }
        let takes_away = [Saved::Withdrawal, Saved::Uphold, Saved::Stop];
        if saves(Saved::Photo) && takes_away.into_iter().any(saves) {
            properties.push(Property::sometimes(REMOVED, |_: &World, state: &State| {
                let has =
                    |device: &Device| device.confirmed.held & device.confirmed.barred & PHOTOS != 0;
                state.devices.iter().all(has)
            }));
        }
        if saves(Saved::Alias) && saves(Saved::Photo) {
            properties.push(Property::sometimes(MERGED, |_: &World, state: &State| {
                fell_by_merging(state) && is_merged(state.county.has.held)
            }));
            properties.push(Property::sometimes(
                UNDONE,
                |world: &World, state: &State| {
                    fell_by_merging(state) && state.made & APART != 0 && world.is_at_rest(state)
                },
            ));
        }
        if saves(Saved::Alias) && saves(Saved::Erasure) {
            properties.push(Property::sometimes(
                BOTH_GONE,
                |_: &World, state: &State| {
                    state.county.has.erased & OTHERS != 0 && state.made & OTHERS != 0
                },
            ));
            properties.push(Property::sometimes(
                ONE_GONE,
                |world: &World, state: &State| {
                    let has = &state.county.has;
                    let late =
                        state.made & ALIAS != 0 && has.erased != 0 && has.erased & OTHERS == 0;
                    late && has.held & OTHERS != 0 && world.is_at_rest(state)
                },
            ));
        }
        if saves(Saved::Erasure) && saves(Saved::Photo) {
            properties.push(Property::sometimes(
                CONFIRMED,
                |_: &World, state: &State| {
                    let has = &state.county.has;
                    has.erased != 0 && state.made & PHOTOS != 0 && state.county.waiting == 0
                },
            ));
        }
        if saves(Saved::Photo) && saves(Saved::Dismiss) {
            properties.push(Property::sometimes(
                HEARD,
                |world: &World, state: &State| {
                    state.made & DISMISSED != 0
                        && world.is_at_rest(state)
                        && replicas(world, state).all(|one| one.content != 0)
                },
            ));
        }
        if self.bounds.scope_changes > 1 {
            properties.push(Property::sometimes(LEFT, |world: &World, state: &State| {
                let last = state.devices.last();
                state.scope_changes == 2
                    && state.county.scopes.last() == Some(&Scope::Held)
                    && last.is_some_and(|device| !device.is_empty())
                    && world.is_at_rest(state)
            }));
        }
        properties
    }
}
