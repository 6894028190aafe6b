//! kill -9 over real device and server processes, at moments drawn from a seed: in the middle of a
//! save, a push, a pull, a picture, a start. What a desk has said to be saved is then on the desk, and
//! after one undisturbed meeting with the county and on every other desk; nothing is there twice or
//! in part.
//!
//! The moments are drawn; what a process is doing at that microsecond is the machine's affair. So a
//! seed does not repeat a run, and the loop looks for what the simulation cannot have: the real
//! files, the real locks, the real network.

mod desks;
mod line;
mod pictures;
mod proof;
mod servers;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::Utc;
use porch_tests::busy::{self, Deed, Orders, Said};
use porch_tests::county::{Size, invent_sized};
use porch_tests::random::Random;
use uuid::Uuid;

use crate::{given, throwaway};
use desks::BusyDesk;
use line::{Line, Way};
use servers::{County, Server};

/// When a moment does not come by then, the victim is killed all the same.
const PATIENCE: Duration = Duration::from_millis(1200);

/// A picture is not always on its way.
const PATIENCE_FOR_A_PICTURE: Duration = Duration::from_secs(4);

/// More than a meeting without a picture has in one direction.
const OF_A_PICTURE: usize = 50_000;

#[test]
fn nothing_that_was_saved_is_lost_or_doubled_by_kills_of_desks_and_a_server() {
    let folder = tempfile::tempdir().unwrap();
    Trial::begin(folder.path(), "sqlite", 1, None).run();
}

#[test]
fn nothing_that_was_saved_is_lost_or_doubled_by_kills_of_two_servers_on_one_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    Trial::begin(folder.path(), "postgresql", 2, Some(throwaway::database())).run();
}

/// Who is killed.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Desk(usize),
    Server(usize),
}

/// When.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// After a while, whatever happens: often in a start.
    Soon,
    /// While a desk saves.
    Save,
    /// While a desk meets the county.
    Meeting,
    /// With part of a message gone through.
    Bytes(Way, usize),
}

impl Moment {
    const fn word(self) -> &'static str {
        match self {
            Self::Soon => "at any time",
            Self::Save => "in a save",
            Self::Meeting => "in a meeting",
            Self::Bytes(Way::Up, 0..OF_A_PICTURE) => "with part of a request or push sent",
            Self::Bytes(Way::Up, _) => "with part of a picture sent",
            Self::Bytes(Way::Down, 0..OF_A_PICTURE) => "with part of an answer or page received",
            Self::Bytes(Way::Down, _) => "with part of a picture received",
        }
    }
}

struct Trial {
    name: &'static str,
    seed: u64,
    rounds: u64,
    random: Random,
    county: County,
    servers: Vec<Server>,
    desks: Vec<BusyDesk>,
    centre: Uuid,
    /// The family that all desks know, and its child who may be photographed.
    shared: (Uuid, Uuid),
    starts: u64,
    kills: BTreeMap<(&'static str, &'static str), u32>,
}

impl Trial {
    /// A county with so many servers and two desks of one centre.
    fn begin(folder: &Path, name: &'static str, servers: usize, database: Option<String>) -> Self {
        let size = Size {
            families: 6,
            days: 2,
        };
        let invented = invent_sized(1, Utc::now().date_naive(), size);
        let import = serde_json::to_value(&invented).unwrap();
        let centre = invented.centres[0].id;
        let county = County::make(folder, database, &import);
        let mut processes: Vec<Server> = (0..servers).map(|n| Server::of(&county, n)).collect();
        let lines = [Line::new(servers), Line::new(servers)];
        for server in &mut processes {
            server.start(&county);
            server.wait(&lines.each_ref());
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (desks, shared) = runtime.block_on(async {
            let mut desks = Vec::new();
            for (line, name) in lines.into_iter().zip(["one", "other"]) {
                let home = folder.join(name);
                desks.push(BusyDesk::set_up(&home, &county, line, centre).await);
            }
            let desk = desks[0].home.desk();
            let login = serde_json::json!({ "user": desks[0].user, "password": porch_tests::kit::PASSWORD });
            desk.call("log_in", login).await.unwrap();
            let (family, adult, child) = busy::register(&desk, "Wzor").await.unwrap();
            busy::say_yes(&desk, family, adult, child).await.unwrap();
            drop(desk);
            desks[0].catch_up().await;
            desks[1].catch_up().await;
            (desks, (family, child))
        });
        let seed = given("PORCH_KILLS_SEED", 1);
        Self {
            name,
            seed,
            rounds: given("PORCH_KILLS_ROUNDS", 25),
            random: Random::new(seed + servers as u64),
            county,
            servers: processes,
            desks,
            centre,
            shared,
            starts: 0,
            kills: BTreeMap::new(),
        }
    }

    fn run(mut self) {
        let begun = Instant::now();
        for round in 1..=self.rounds {
            self.start_all();
            let (victim, moment) = self.draw();
            self.wait_for(victim, moment);
            if self.random.chance(1, 5) {
                let other = self.draw().0;
                self.kill(other, "beside another");
            }
            if round % 10 == 0 {
                eprintln!(
                    "  {}: {round} of {} rounds, {} s",
                    self.name,
                    self.rounds,
                    begun.elapsed().as_secs()
                );
            }
        }
        for desk in &mut self.desks {
            desk.kill();
        }
        self.tell();
        for desk in &self.desks {
            proof::Copy::of(desk).has(&desk.said_since(0));
            assert!(!desk.log().contains("panicked"), "{}", desk.log());
        }
        self.settle();
    }

    /// Starts whatever is not running.
    fn start_all(&mut self) {
        let (family, child) = self.shared;
        for server in &mut self.servers {
            server.start(&self.county);
        }
        for desk in &mut self.desks {
            let seed = self.seed * 10_000 + self.starts;
            let started = desk.start(|desk| Orders {
                home: desk.home.0.clone(),
                user: desk.user,
                family,
                child,
                seed,
                only_meets: false,
            });
            self.starts += u64::from(started);
        }
    }

    /// Sees to it that what listens is known and that nobody ended by himself.
    fn look(&mut self) {
        let lines: Vec<&Line> = self.desks.iter().map(|desk| &desk.line).collect();
        for server in &mut self.servers {
            server.look(&lines);
        }
        for desk in &mut self.desks {
            desk.look();
        }
    }

    fn draw(&mut self) -> (Victim, Moment) {
        let victim = if self.random.chance(3, 5) {
            Victim::Desk(self.random.below(2) as usize)
        } else {
            Victim::Server(self.random.below(self.servers.len() as u32) as usize)
        };
        let moment = match self.random.below(8) {
            0..=1 => Moment::Soon,
            2..=3 => Moment::Save,
            4 => Moment::Meeting,
            kind => {
                let way = *self.random.pick(&[Way::Up, Way::Up, Way::Down]);
                let bytes = if kind == 7 {
                    OF_A_PICTURE + self.random.below(2_000_000) as usize
                } else {
                    // As often in the first bytes as in the last kilobytes.
                    let most = 1_u32 << (8 + self.random.below(7));
                    self.random.below(most) as usize
                };
                Moment::Bytes(way, bytes)
            }
        };
        (victim, moment)
    }

    fn wait_for(&mut self, victim: Victim, moment: Moment) {
        let watched = match victim {
            Victim::Desk(desk) => desk,
            Victim::Server(_) => self.random.below(2) as usize,
        };
        let begun = Instant::now();
        let place = self.desks[watched].said_count();
        let late = Duration::from_micros(match moment {
            Moment::Soon => self.random.below(500_000).into(),
            // A save takes some milliseconds, a meeting some tens.
            Moment::Save => self.random.below(12_000).into(),
            Moment::Meeting => self.random.below(150_000).into(),
            Moment::Bytes(..) => 0,
        });
        let armed = match moment {
            Moment::Bytes(way, bytes) => Some(self.desks[watched].line.arm(way, bytes)),
            _ => None,
        };
        let patience = match moment {
            Moment::Bytes(_, OF_A_PICTURE..) => PATIENCE_FOR_A_PICTURE,
            _ => PATIENCE,
        };
        while begun.elapsed() < patience {
            self.look();
            let begins = |said: &Said| match (moment, said) {
                (Moment::Save, Said::Begins(deed)) => *deed != Deed::Sync,
                (Moment::Meeting, Said::Begins(deed)) => *deed == Deed::Sync,
                _ => false,
            };
            let come = match (moment, &armed) {
                (Moment::Bytes(..), Some(armed)) => {
                    armed.sprung.try_recv().ok().map(|server| match victim {
                        Victim::Desk(_) => victim,
                        Victim::Server(_) => Victim::Server(server),
                    })
                }
                (Moment::Soon, _) => Some(victim),
                _ => {
                    let said = self.desks[watched].said_since(place);
                    said.iter().any(begins).then_some(victim)
                }
            };
            if let Some(victim) = come {
                std::thread::sleep(late);
                self.kill(victim, moment.word());
                return;
            }
            std::thread::sleep(Duration::from_micros(300));
        }
        self.kill(victim, "when its moment did not come");
    }

    fn kill(&mut self, victim: Victim, when: &'static str) {
        let who = match victim {
            Victim::Desk(desk) => {
                self.desks[desk].kill();
                "a desk"
            }
            Victim::Server(server) => {
                let lines: Vec<&Line> = self.desks.iter().map(|desk| &desk.line).collect();
                self.servers[server].kill(&lines);
                "a server"
            }
        };
        *self.kills.entry((who, when)).or_default() += 1;
    }

    /// What was killed when, and what was done meanwhile.
    fn tell(&self) {
        for ((who, when), times) in &self.kills {
            eprintln!("  {}: {who} killed {when}: {times}", self.name);
        }
        let mut done: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for said in self.desks.iter().flat_map(|desk| desk.said_since(0)) {
            let word = |deed: &Deed| match deed {
                Deed::Register { .. } => "families",
                Deed::Phone { .. } => "numbers",
                Deed::Note => "notes",
                Deed::SignIn { .. } => "sign-ins",
                Deed::Photo { .. } => "photos",
                Deed::Sync => "meetings",
            };
            match said {
                Said::Begins(deed) => done.entry(word(&deed)).or_default().0 += 1,
                Said::Done(deed) => done.entry(word(&deed)).or_default().1 += 1,
                Said::Ready | Said::NotDone(_) => {}
            }
        }
        for (what, (begun, done)) in done {
            eprintln!("  {}: {what}: {begun} begun, {done} done", self.name);
        }
    }

    /// Without disturbance: the desks catch up with the county, a new one gets everything from it,
    /// and all of them have the same.
    fn settle(mut self) {
        let servers = self.servers.len();
        let line = Line::new(servers);
        {
            let mut lines: Vec<&Line> = self.desks.iter().map(|desk| &desk.line).collect();
            lines.push(&line);
            for server in &mut self.servers {
                // The new line must be led to it, too.
                server.kill(&lines);
                server.start(&self.county);
                server.wait(&lines);
            }
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let home = self.desks[0].home.0.with_file_name("newcomer");
        let newcomer = runtime.block_on(async {
            for desk in [&self.desks[0], &self.desks[1], &self.desks[0]] {
                desk.catch_up().await;
            }
            let newcomer = BusyDesk::set_up(&home, &self.county, line, self.centre).await;
            newcomer.catch_up().await;
            newcomer
        });
        drop(runtime);
        self.desks.push(newcomer);
        let copies: Vec<_> = self.desks.iter().map(proof::Copy::of).collect();
        for copy in &copies {
            for desk in &self.desks {
                copy.has(&desk.said_since(0));
            }
            copy.is_whole();
            copy.same_as(&copies[0]);
        }
        for server in &mut self.servers {
            assert!(!server.said().contains("panicked"), "{}", server.said());
            server.kill(&[]);
        }
        proof::county_is_whole(&self.county);
    }
}
