//! The county's server processes.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use uuid::Uuid;

use super::line::Line;

/// How long a server may take to serve.
const PATIENCE: Duration = Duration::from_secs(30);

/// A county and how its program is called.
pub(super) struct County {
    program: PathBuf,
    home: PathBuf,
    /// PostgreSQL's connection string; none for the store of its own.
    database: Option<String>,
}

impl County {
    /// A new county with its centres and sessions in it.
    pub(super) fn make(home: &Path, database: Option<String>, import: &Value) -> Self {
        let county = Self {
            program: porch_tests::programs::county().unwrap(),
            home: home.to_owned(),
            database,
        };
        let file = home.join("import.json");
        std::fs::write(&file, import.to_string()).unwrap();
        county.run("import", &["--file", file.to_str().unwrap()]);
        // Another machine is given the keys.
        let (one, two) = (county.directory(0), county.directory(1));
        std::fs::create_dir_all(&two).unwrap();
        county.serve_once();
        for key in ["county.key", "county-ca.key", "county-ca.pem"] {
            std::fs::copy(one.join(key), two.join(key)).unwrap();
        }
        county
    }

    /// The directory of each server. With a store of its own there is one only.
    pub(super) fn directory(&self, server: usize) -> PathBuf {
        self.home.join(format!("server-{server}"))
    }

    pub(super) fn certificate(&self) -> String {
        std::fs::read_to_string(self.directory(0).join("county-ca.pem")).unwrap()
    }

    fn command(&self, name: &str, server: usize) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(name).arg("--dir").arg(self.directory(server));
        if let Some(database) = &self.database {
            command.env("PORCH_DATABASE", database);
        }
        command
    }

    fn run(&self, name: &str, more: &[&str]) -> String {
        let done = self.command(name, 0).args(more).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert!(done.status.success(), "{name}: {}", text(done.stderr));
        text(done.stdout)
    }

    /// A one-time code for a device of a centre.
    pub(super) fn code(&self, centre: Uuid) -> String {
        self.run("enrolment-code", &["--centre", &centre.to_string()])
            .trim()
            .to_owned()
    }

    /// Makes keys and certificate, as a first start does.
    fn serve_once(&self) {
        let mut server = Server::of(self, 0);
        server.start(self);
        server.wait(&[]);
        server.kill(&[]);
    }
}

/// A server process that comes and goes.
pub(super) struct Server {
    number: usize,
    ready_file: PathBuf,
    log: PathBuf,
    process: Option<Child>,
    serves: bool,
}

impl Server {
    pub(super) fn of(county: &County, number: usize) -> Self {
        Self {
            number,
            ready_file: county.directory(number).with_extension("ready"),
            log: county.directory(number).with_extension("log"),
            process: None,
            serves: false,
        }
    }

    /// Starts the process, if there is none, and does not wait until it serves. True when it did.
    pub(super) fn start(&mut self, county: &County) -> bool {
        if self.process.is_some() {
            return false;
        }
        // What a killed one left says where nobody listens any more.
        let _ = std::fs::remove_file(&self.ready_file);
        let log = File::options().create(true).append(true).open(&self.log);
        let child = county
            .command("serve", self.number)
            .args(["--listen", "127.0.0.1:0", "--ready-file"])
            .arg(&self.ready_file)
            .stdout(Stdio::null())
            .stderr(log.unwrap())
            .spawn();
        self.process = Some(child.unwrap());
        true
    }

    /// Leads the lines to it once it serves. It must not have ended by itself.
    pub(super) fn look(&mut self, lines: &[&Line]) {
        let Some(process) = &mut self.process else {
            return;
        };
        if let Some(status) = process.try_wait().unwrap() {
            panic!("a server ended by itself, {status}:\n{}", self.said());
        }
        if self.serves {
            return;
        }
        let Ok(ready) = std::fs::read_to_string(&self.ready_file) else {
            return;
        };
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let url = ready["url"].as_str().unwrap();
        let address: SocketAddr = url.strip_prefix("https://").unwrap().parse().unwrap();
        for line in lines {
            line.lead_to(self.number, Some(address));
        }
        self.serves = true;
    }

    /// Waits until it serves.
    pub(super) fn wait(&mut self, lines: &[&Line]) {
        let begun = Instant::now();
        while !self.serves {
            self.look(lines);
            assert!(begun.elapsed() < PATIENCE, "not ready:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// kill -9.
    pub(super) fn kill(&mut self, lines: &[&Line]) {
        for line in lines {
            line.lead_to(self.number, None);
        }
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
        self.serves = false;
    }

    /// Its log.
    pub(super) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill(&[]);
    }
}
