//! The desks' processes.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use porch_tests::busy::{BusyHome, Orders, Said};
use porch_tests::kit::PASSWORD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::line::Line;
use super::servers::County;

/// A desk, whether its program runs or not.
pub(super) struct BusyDesk {
    pub(super) home: BusyHome,
    pub(super) line: Line,
    /// Who works there, since it was set up.
    pub(super) user: Uuid,
    log: PathBuf,
    process: Option<Process>,
    said: Arc<Mutex<Vec<Said>>>,
}

struct Process {
    child: Child,
    reading: JoinHandle<()>,
}

impl BusyDesk {
    /// A new device of a centre, enrolled and caught up.
    pub(super) async fn set_up(folder: &Path, county: &County, line: Line, centre: Uuid) -> Self {
        let home = BusyHome(folder.to_owned());
        let desk = home.desk();
        let call = async |name: &str, request: Value| desk.call(name, request).await.unwrap();
        let request = json!({
            "server": format!("https://{}", line.address),
            "county_certificate": county.certificate(),
            "code": county.code(centre),
            "device_name": "Front desk",
            "name": "Sami Example",
            "password": PASSWORD,
        });
        let status = call("set_up", request).await;
        call("sync_now", json!({})).await;
        Self {
            user: status["login"]["user"].as_str().unwrap().parse().unwrap(),
            log: folder.join("log"),
            home,
            line,
            process: None,
            said: Arc::default(),
        }
    }

    /// Starts the process, if there is none, and does not wait for it. True when it did.
    pub(super) fn start(&mut self, orders: impl FnOnce(&Self) -> Orders) -> bool {
        if self.process.is_some() {
            return false;
        }
        let orders = serde_json::to_string(&orders(self)).unwrap();
        let log = File::options().create(true).append(true).open(&self.log);
        let mut child = Command::new(env!("CARGO_BIN_EXE_porch-busy-desk"))
            .arg(orders)
            .stdout(Stdio::piped())
            .stderr(log.unwrap())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let said = Arc::clone(&self.said);
        let reading = std::thread::spawn(move || {
            let mut line = String::new();
            // What does not end with a line feed was cut by the kill.
            while out.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
                let heard: Said = serde_json::from_str(&line).unwrap();
                said.lock().unwrap().push(heard);
                line.clear();
            }
        });
        self.process = Some(Process { child, reading });
        true
    }

    /// It must not have ended by itself.
    pub(super) fn look(&mut self) {
        if let Some(process) = &mut self.process
            && let Some(status) = process.child.try_wait().unwrap()
        {
            panic!("a desk ended by itself, {status}:\n{}", self.log());
        }
    }

    /// kill -9, and hears what it had said by then.
    pub(super) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.child.kill().unwrap();
            process.child.wait().unwrap();
            process.reading.join().unwrap();
        }
    }

    /// What its processes have said so far, from some place on.
    pub(super) fn said_since(&self, place: usize) -> Vec<Said> {
        self.said.lock().unwrap()[place..].to_vec()
    }

    pub(super) fn said_count(&self) -> usize {
        self.said.lock().unwrap().len()
    }

    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Opens it in this process and meets the county until nothing is left to do.
    pub(super) async fn catch_up(&self) {
        let desk = self.home.desk();
        let request = json!({ "user": self.user, "password": PASSWORD });
        desk.call("log_in", request).await.unwrap();
        for _ in 0..2 {
            let status = desk.call("sync_now", json!({})).await.unwrap();
            assert_eq!(status["unsent"], 0, "everything is with the county");
            assert_eq!(status["sync"], "idle", "{status}");
        }
        desk.call("close", json!({})).await.unwrap();
    }
}

impl Drop for BusyDesk {
    fn drop(&mut self) {
        self.kill();
    }
}
