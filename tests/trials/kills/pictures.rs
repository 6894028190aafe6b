//! A picture that was cut in the middle goes on from its last whole chunk, whoever was killed.

use std::time::{Duration, Instant};

use porch_sync::protocol::CHUNK_BYTES;
use porch_tests::busy::{self, Deed, Orders, Said};
use porch_tests::kit::PASSWORD;
use serde_json::json;

use super::line::Way;
use super::{Trial, Victim, proof};

/// A cut here is in a picture's second chunk: what else a meeting sends is smaller than what is over
/// the first.
const IN_THE_SECOND: usize = CHUNK_BYTES + 200_000;

/// Longer than any meeting takes.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_picture_goes_on_from_its_last_whole_chunk_after_a_kill_of_either_end() {
    for victim in [Victim::Desk(0), Victim::Server(0)] {
        let folder = tempfile::tempdir().unwrap();
        let mut trial = Trial::begin(folder.path(), "pictures", 1, None);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let desk = trial.desks[0].home.desk();
            let request = json!({ "user": trial.desks[0].user, "password": PASSWORD });
            desk.call("log_in", request).await.unwrap();
            let child = trial.shared.1;
            busy::add_photo(&desk, child, "Painting", 7).await.unwrap();
        });
        drop(runtime);
        trial.goes_on_after_a_cut(0, Way::Up, victim);
        let receiving = match victim {
            Victim::Desk(_) => Victim::Desk(1),
            server @ Victim::Server(_) => server,
        };
        trial.goes_on_after_a_cut(1, Way::Down, receiving);
        let copies = [&trial.desks[0], &trial.desks[1]].map(proof::Copy::of);
        for copy in &copies {
            copy.is_whole();
            copy.same_as(&copies[0]);
        }
    }
}

impl Trial {
    /// A desk meets the county, somebody is killed in the middle of the second chunk, and the desk meets
    /// it again.
    fn goes_on_after_a_cut(&mut self, desk: usize, way: Way, victim: Victim) {
        self.start_server();
        let armed = self.desks[desk].line.arm(way, IN_THE_SECOND);
        self.start_meeting(desk);
        let stopped = armed.sprung.recv_timeout(PATIENCE);
        assert!(stopped.is_ok(), "the second chunk is on its way");
        self.kill(victim, "in the second chunk");
        drop(armed);
        self.desks[desk].kill();
        let before = self.desks[desk].line.let_through(way);
        self.start_server();
        let place = self.desks[desk].said_count();
        self.start_meeting(desk);
        let begun = Instant::now();
        let met = |said: &Said| *said == Said::Done(Deed::Sync);
        while !self.desks[desk].said_since(place).iter().any(met) {
            self.look();
            assert!(begun.elapsed() < PATIENCE, "the desk meets the county");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.desks[desk].kill();
        let again = self.desks[desk].line.let_through(way) - before;
        assert!(
            again < CHUNK_BYTES,
            "the first chunk did not travel again: {again} bytes"
        );
    }

    fn start_server(&mut self) {
        let lines = [&self.desks[0].line, &self.desks[1].line];
        self.servers[0].start(&self.county);
        self.servers[0].wait(&lines);
    }

    fn start_meeting(&mut self, desk: usize) {
        let (family, child) = self.shared;
        let seed = self.starts;
        self.desks[desk].start(|desk| Orders {
            home: desk.home.0.clone(),
            user: desk.user,
            family,
            child,
            seed,
            only_meets: true,
        });
    }
}
