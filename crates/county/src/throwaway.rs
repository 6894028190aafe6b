//! A PostgreSQL of the tests' own: one server a test program, a database of its own for each test.
//!
//! It listens on a socket in a temporary directory only. A shell waits beside it on a pipe from the
//! test program, and stops and removes all of it when that pipe closes: at the end, after a
//! panic, and when the program was killed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where Debian puts the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

const SCRIPT: &str = r#"
umask 077
cd /
bin=$1
dir=$(mktemp -d /tmp/porch-pg.XXXXXX) || { echo "no directory in /tmp could be made"; exit 1; }
end() {
    "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 </dev/null
    rm -rf "$dir"
}
trap end EXIT
{
    "$bin/initdb" -D "$dir/data" -U app -A trust -E UTF8 --locale=C.UTF-8 --no-sync &&
    "$bin/pg_ctl" -D "$dir/data" -w -t 120 -l "$dir/server.log" -o "-c listen_addresses=$3 -c unix_socket_directories=$dir -c fsync=off -c max_connections=200 -c shared_buffers=32MB -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=128MB $2" start
} >"$dir/log" 2>&1 </dev/null || { tail -n 3 "$dir/log" "$dir/server.log" 2>/dev/null | tr '\n' ' '; exit 1; }
echo "in $dir"
cat >/dev/null
"#;

struct Server {
    directory: PathBuf,
    programs: PathBuf,
    /// Closes with this program, whatever ends it.
    _alive: ChildStdin,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static MADE: AtomicU32 = AtomicU32::new(0);

/// The connection string of a new, empty database.
pub(crate) fn database() -> String {
    let server = SERVER.get_or_init(shared);
    let name = format!("t{}", MADE.fetch_add(1, Ordering::SeqCst));
    let made = Command::new(server.programs.join("createdb"))
        .args(["-U", "app", "-S", "file_copy", "-h"])
        .arg(&server.directory)
        .arg(&name)
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "createdb: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    format!("host={} user=app dbname={name}", server.directory.display())
}

/// One of PostgreSQL's own programs, of the server's version.
#[allow(dead_code, reason = "not every test program needs one")]
pub(crate) fn program(name: &str) -> PathBuf {
    SERVER.get_or_init(shared).programs.join(name)
}

/// What an operator's own `pg_dump` gives of a database.
#[allow(dead_code, reason = "not every test program dumps")]
pub(crate) fn dumped(database: &str) -> Vec<u8> {
    let dumped = Command::new(program("pg_dump"))
        .args(["-d", database])
        .output()
        .unwrap();
    assert!(
        dumped.status.success(),
        "pg_dump: {}",
        String::from_utf8_lossy(&dumped.stderr)
    );
    dumped.stdout
}

/// Restores a dump into a new database with PostgreSQL's own `psql`. Gives the database's connection
/// string, and whether `psql` was content.
#[allow(dead_code, reason = "not every test program restores")]
pub(crate) fn restore(dump: &[u8]) -> (String, bool) {
    let database = database();
    let mut restoring = Command::new(program("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &database])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut script = restoring.stdin.take().unwrap();
    // One that stops at an error does not read on.
    let _ = script.write_all(dump);
    drop(script);
    let content = restoring.wait().unwrap().success();
    (database, content)
}

/// The directory with the server's files.
#[allow(dead_code, reason = "not every test program looks at them")]
pub(crate) fn files() -> &'static Path {
    &SERVER.get_or_init(shared).directory
}

/// A server that listens on this machine's network, too, for as long as it is kept.
#[allow(dead_code, reason = "not every test program needs one")]
pub(crate) struct Networked {
    server: Server,
    pub(crate) port: u16,
}

#[allow(dead_code, reason = "not every test program needs one")]
impl Networked {
    pub(crate) fn start() -> Self {
        let mut said = String::new();
        // Somebody else may take the port before the server does.
        for _ in 0..5 {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            match start(&format!("-c port={port}"), "127.0.0.1") {
                Ok(server) => return Self { server, port },
                Err(problem) => said = problem,
            }
        }
        panic!("PostgreSQL could not be started for the tests: {said}");
    }

    /// The directory of its socket.
    pub(crate) fn socket(&self) -> &Path {
        &self.server.directory
    }
}

fn shared() -> Server {
    start("", "").unwrap_or_else(|problem| {
        panic!("PostgreSQL could not be started for the tests: {problem}")
    })
}

fn start(options: &str, addresses: &str) -> Result<Server, String> {
    let Some(programs) = programs() else {
        panic!(
            "PostgreSQL is needed here and is not installed. `cargo xtask test` installs it; by hand: apt-get install postgresql-15"
        );
    };
    // The server refuses to run as root; Debian's package brings an account.
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "sh",
        ]);
        command
    } else {
        Command::new("sh")
    };
    #[expect(
        clippy::zombie_processes,
        reason = "it outlives this program, to clean up after it"
    )]
    let mut child = command
        .args(["-c", SCRIPT, "sh"])
        .arg(&programs)
        .args([options, addresses])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // What ends this program's group must not end the one that cleans up.
        .process_group(0)
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    let Some(directory) = said.trim().strip_prefix("in ") else {
        return Err(said);
    };
    Ok(Server {
        directory: directory.into(),
        programs,
        _alive: child.stdin.take().unwrap(),
    })
}

/// The directory with `initdb`: the newest of Debian's, or one on the path.
fn programs() -> Option<PathBuf> {
    let newest = std::fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    newest.map(|(_, bin)| bin).or_else(|| {
        std::env::split_paths(&std::env::var_os("PATH")?).find(|bin| bin.join("initdb").exists())
    })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
