//! A stick that carries the same batches and pages as the network, much later.

use anyhow::Result;
use porch_sync::DeviceNumber;
use porch_sync::device::{Replica as _, Standing};
use porch_sync::protocol::{LARGEST_NUMBER, PullPage, PullRequest, PushAnswer, PushRequest};

use super::frail::Frailty;
use super::jobs::Owner;
use super::world::{Happened, World};

/// A stick.
#[derive(Clone, Debug)]
pub(super) struct Stick {
    from: usize,
    number: DeviceNumber,
    standing: Standing,
    push: PushRequest,
    pull: PullRequest,
    answers: Option<(PushAnswer, PullPage)>,
}

impl World {
    /// A device writes a stick.
    ///
    /// # Errors
    /// When its store fails.
    pub(super) fn write_stick(&mut self, place: usize) -> Result<()> {
        let device = self.device(place)?;
        if device.old {
            return Ok(());
        }
        let standing = device.store.standing()?;
        let push = PushRequest {
            epoch: standing.epoch,
            transactions: device.store.unsent()?,
            audit: None,
        };
        let pull = PullRequest {
            epoch: standing.epoch,
            urgent_after: standing.urgent_after,
            places: standing.places.clone(),
            limit: 500,
            scrubbed: standing.scrubbed,
            left: standing.left.clone(),
        };
        let number = device.number;
        self.counters.count("stick", "written");
        self.trace.note(format_args!(
            "device {place} writes {} transactions to a stick",
            push.transactions.len()
        ));
        self.sticks.push(Stick {
            from: place,
            number,
            standing,
            push,
            pull,
            answers: None,
        });
        Ok(())
    }

    /// A stick arrives: at the county, or with its answers at its device. It may be lost, and it may
    /// come twice.
    ///
    /// # Errors
    /// When what came of it must not be.
    pub(super) fn move_stick(&mut self) -> Result<()> {
        if self.sticks.is_empty() {
            return Ok(());
        }
        let place = self.chance.below(self.sticks.len());
        let stick = self.sticks.remove(place);
        if self.mishaps && self.chance.one_in(6) {
            self.counters.count("stick", "lost");
            return Ok(());
        }
        if self.mishaps && self.chance.one_in(6) {
            self.counters.count("stick", "copied");
            self.sticks.push(stick.clone());
        }
        if stick.answers.is_some() {
            self.stick_returns(stick)
        } else {
            self.stick_at_county(stick);
            Ok(())
        }
    }

    fn stick_at_county(&mut self, mut stick: Stick) {
        let Some((server, county)) = self.some_server() else {
            return;
        };
        let news = self.news.clone();
        self.jobs.begin(Owner::Server(server), "stick", async move {
            let Ok(answer) = county.push(stick.number, stick.push.clone()).await else {
                return;
            };
            let Ok(page) = county.pull(stick.number, &stick.pull).await else {
                return;
            };
            stick.answers = Some((answer, page));
            news.tell(Happened::Stick(server, Box::new(stick)));
        });
    }

    pub(super) fn stick_answered(&mut self, server: usize, stick: Stick) {
        self.counters.count("stick", "answered");
        self.trace.note(format_args!(
            "server {server} answers the stick of device {}",
            stick.from
        ));
        if let Some((answer, page)) = &stick.answers {
            let told = &self.looked.handed_out;
            told.note_page(stick.number, page);
            told.note_backed_up(stick.number, answer.backed_up);
        }
        self.sticks.push(stick);
    }

    /// The device takes the outcomes in whatever their age; the page only if it still stands where
    /// it stood when it asked, and is not asking now.
    fn stick_returns(&mut self, stick: Stick) -> Result<()> {
        let place = stick.from;
        let device = self.device(place)?;
        let Some((mut answer, page)) = stick.answers else {
            return Ok(());
        };
        // What the county expected then says nothing now.
        answer.expected = LARGEST_NUMBER;
        if !device.in_use || device.number != stick.number || device.meeting.is_some() {
            return Ok(());
        }
        let frail = device.frail.clone();
        let mut took = "nothing";
        let standing = device.store.standing()?;
        let mut taken = Ok(());
        if answer.epoch == standing.epoch {
            taken = frail.answered(&answer);
            took = "outcomes";
            if taken.is_ok() && self.device(place)?.store.standing()? == stick.standing {
                taken = frail.take_page(&page);
                took = "a page";
            }
        }
        self.counters.count("stick", &format!("returned {took}"));
        self.trace.note(format_args!(
            "device {place} takes {took} from a stick: {taken:?}"
        ));
        for step in frail.full() {
            self.counters.count("disk full", step);
        }
        match taken {
            Err(Frailty::Died) => self.power_failed(place),
            Err(Frailty::Store(_, porch_store::StoreError::DiskFull)) | Ok(()) => {
                self.after_device_step(place)
            }
            Err(Frailty::Store(step, error)) => {
                anyhow::bail!("device {place} could not take a stick in at {step}: {error:?}")
            }
        }
    }
}
