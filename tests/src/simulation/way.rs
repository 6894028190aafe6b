//! What becomes of requests on their way.

use anyhow::Result;
use porch_sync::protocol::CountyRefusal;

use super::jobs::Owner;
use super::line::{Answer, Ask, Request, Told, Trouble, answering, serve};
use super::world::World;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It arrives, and so does its answer.
    Well,
    /// It does not arrive.
    Dropped,
    /// Its answer does not arrive.
    AnswerDropped,
    /// It arrives twice.
    Twice,
    /// Only a part of it, or of its answer, arrives.
    Truncated,
    /// What is answered is wrong.
    Wrong,
}

const WAYS: &[(usize, Way)] = &[
    (66, Way::Well),
    (7, Way::Dropped),
    (9, Way::AnswerDropped),
    (8, Way::Twice),
    (5, Way::Truncated),
    (5, Way::Wrong),
];

/// Pictures are seldom on their way, so more goes wrong with those that are.
const WAYS_OF_PICTURES: &[(usize, Way)] = &[
    (40, Way::Well),
    (12, Way::Dropped),
    (12, Way::AnswerDropped),
    (12, Way::Twice),
    (12, Way::Truncated),
    (12, Way::Wrong),
];

impl World {
    /// Carries a request on, whichever; false when none can be.
    ///
    /// # Errors
    /// When what came of it must not be.
    pub(super) fn carry(&mut self) -> Result<bool> {
        let place = self.chance.below(self.wire.len());
        let Some(request) = self.wire.take(place) else {
            return Ok(false);
        };
        let ways = if request.ask.is_about_a_picture() {
            WAYS_OF_PICTURES
        } else {
            WAYS
        };
        let way = if self.mishaps {
            self.chance.weighted(ways).unwrap_or(Way::Well)
        } else {
            Way::Well
        };
        let Some((server, _)) = self.some_server() else {
            request.slot.answer(Err(Trouble::Cut));
            return Ok(true);
        };
        let word = request.ask.word();
        if way != Way::Well {
            self.counters
                .count(&format!("{way:?}").to_lowercase(), word);
        }
        self.trace
            .note(format_args!("{request:?} to server {server}: {way:?}"));
        match way {
            Way::Well => self.serve(request, |answer| answer),
            Way::Dropped => request.slot.answer(Err(Trouble::Cut)),
            Way::AnswerDropped => self.serve(request, |_| Err(Trouble::Cut)),
            Way::Twice => {
                self.serve(request.clone(), |answer| answer);
                self.serve(request, |answer| answer);
            }
            Way::Truncated => self.truncate(request),
            Way::Wrong => self.answer_wrongly(request),
        }
        Ok(true)
    }

    fn serve(&mut self, request: Request, change: impl FnOnce(Answer) -> Answer + 'static) {
        let Some((server, county)) = self.some_server() else {
            request.slot.answer(Err(Trouble::Cut));
            return;
        };
        let Request {
            number, ask, slot, ..
        } = request;
        let owed = slot.clone();
        let looked = self.looked.handed_out.clone();
        let what = ask.word();
        let job = self.jobs.begin(
            Owner::Server(server),
            what,
            answering(slot, async move {
                let answer = serve(&county, number, ask).await;
                match &answer {
                    Ok(Told::Pull(page)) => looked.note_page(number, page),
                    Ok(Told::Push(answer)) => looked.note_backed_up(number, answer.backed_up),
                    _ => {}
                }
                change(answer)
            }),
        );
        self.owed.insert(job, owed);
    }

    /// A message is cut off: what is JSON cannot be read then, what is bytes is shorter.
    fn truncate(&mut self, request: Request) {
        if let Ask::PutChunk(blob, chunk, bytes) = &request.ask {
            let shorter = bytes.get(..bytes.len() / 2).unwrap_or_default().to_vec();
            let ask = Ask::PutChunk(*blob, *chunk, shorter);
            return self.serve(Request { ask, ..request }, |answer| answer);
        }
        if self.chance.one_in(2) {
            return request
                .slot
                .answer(Err(Trouble::Refused(CountyRefusal::Malformed)));
        }
        self.serve(request, |answer| match answer {
            Ok(Told::GetChunk(Some(bytes))) => {
                let shorter = bytes.get(..bytes.len() / 2).unwrap_or_default();
                Ok(Told::GetChunk(Some(shorter.to_vec())))
            }
            _ => Err(Trouble::Cut),
        });
    }

    /// A refusal out of nowhere, digests that are not the county's, bytes that are not the picture's.
    fn answer_wrongly(&mut self, request: Request) {
        let refusals = [
            CountyRefusal::Failed,
            CountyRefusal::UpdateNeeded,
            CountyRefusal::Token,
            CountyRefusal::SlowDown,
        ];
        let refusal = *self
            .chance
            .pick(&refusals)
            .unwrap_or(&CountyRefusal::Failed);
        if let Ask::PutChunk(blob, chunk, bytes) = &request.ask {
            let mut other = bytes.clone();
            if let Some(byte) = other.first_mut() {
                *byte ^= 1;
            }
            let ask = Ask::PutChunk(*blob, *chunk, other);
            return self.serve(Request { ask, ..request }, |answer| answer);
        }
        self.serve(request, move |answer| match answer {
            Ok(Told::Pull(mut page)) if page.digests.is_some() => {
                let digests = page.digests.iter_mut().flat_map(|all| &mut all.scopes);
                for digest in digests.take(1) {
                    digest.sum.0[0] ^= 1;
                }
                Ok(Told::Pull(page))
            }
            Ok(Told::GetChunk(Some(mut bytes))) => {
                if let Some(byte) = bytes.first_mut() {
                    *byte ^= 1;
                }
                Ok(Told::GetChunk(Some(bytes)))
            }
            _ => Err(Trouble::Refused(refusal)),
        });
    }
}
