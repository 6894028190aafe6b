//! The program itself: its commands, while it serves.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use porch_sync::protocol::Fate;
use serde_json::Value;

use crate::client::{Device, client};
use crate::story::{ELM, OAK, centres, make, rosa};

pub(crate) fn program() -> PathBuf {
    porch_tests::programs::county().unwrap()
}

pub(crate) fn run(program: &Path, arguments: &[&str]) -> (bool, String, String) {
    let done = Command::new(program).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

pub(crate) struct Serving {
    child: Child,
    pub(crate) ready: Value,
}

fn serve(program: &Path, directory: &str, ready: &Path) -> Serving {
    serve_by(&mut Command::new(program), directory, ready, &[])
}

/// Serves, with what else the program is told.
#[expect(
    clippy::zombie_processes,
    reason = "killed here when it does not get ready, stopped by whoever gets it otherwise"
)]
pub(crate) fn serve_by(
    command: &mut Command,
    directory: &str,
    ready: &Path,
    more: &[&str],
) -> Serving {
    let mut child = command
        .args([
            "serve",
            "--dir",
            directory,
            "--listen",
            "127.0.0.1:0",
            "--ready-file",
        ])
        .arg(ready)
        .args(more)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    loop {
        if let Ok(text) = std::fs::read_to_string(ready) {
            return Serving {
                child,
                ready: serde_json::from_str(&text).unwrap(),
            };
        }
        if begun.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("not ready in time");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Serving {
    pub(crate) fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        assert!(
            self.child.wait().unwrap().success(),
            "ends well when asked to"
        );
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        log
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_program_serves_while_its_commands_work() {
    let program = program();
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("county");
    let directory = directory.to_str().unwrap();
    let file = home.path().join("county.json");
    std::fs::write(&file, centres()).unwrap();
    let ready = home.path().join("ready.json");
    let serving = serve(&program, directory, &ready);

    let (good, _, error) = run(
        &program,
        &["serve", "--dir", directory, "--listen", "127.0.0.1:0"],
    );
    assert!(
        !good && error.contains("another server is already serving this directory"),
        "{error}"
    );

    let import = [
        "import",
        "--dir",
        directory,
        "--file",
        file.to_str().unwrap(),
    ];
    assert!(run(&program, &import).1.contains("2 new or different"));
    assert!(
        run(&program, &import).1.contains("0 new or different"),
        "importing again changes nothing"
    );
    let centre = ELM.to_string();
    let (good, code, _) = run(
        &program,
        &[
            "enrolment-code",
            "--dir",
            directory,
            "--centre",
            &centre,
            "--restricted",
        ],
    );
    assert!(good);
    let ready_once = serving.ready.clone();
    let said = |name: &str| ready_once[name].as_str().unwrap();
    let mut device = Device::enrol(client(Path::new(said("ca"))), said("url"), code.trim()).await;
    assert!(device.enrolled.restricted_private_key.is_some());
    assert_eq!(
        device.push(vec![make(&rosa(), ELM)]).await.fate,
        Fate::Applied
    );
    assert!(
        run(&program, &["devices", "--dir", directory])
            .1
            .contains("in use")
    );
    let log = serving.stop();
    for secret in ["Rosa", "Bearer", &device.token, code.trim(), "Front desk"] {
        assert!(!log.contains(secret), "nothing of it in the log");
    }
    assert_eq!(
        log.matches("127.0.0.1").count(),
        1,
        "its own address, no client's"
    );
    assert!(log.contains("/v1/push"), "but that something was asked");
    assert!(!ready.exists());

    let serving = serve(&program, directory, &ready);
    let again = serving.ready["url"].as_str().unwrap();
    assert_eq!(serving.ready["ca"], ready_once["ca"], "the same authority");
    device.url = again.to_owned();
    let rows: usize = device.pull().await.iter().map(|page| page.rows.len()).sum();
    assert_eq!(rows, 3, "what was pushed is there; the token is still good");
    let number = device.enrolled.device.to_string();
    let oak = OAK.to_string();
    for (asked, said) in [("--add", "held"), ("--remove", "taken away")] {
        let arguments = ["scopes", &number, "--dir", directory, asked, &oak];
        let (good, told, _) = run(&program, &arguments);
        let line = told.lines().find(|line| line.starts_with(&oak));
        assert!(
            good && line.is_some_and(|line| line.contains(said)),
            "{told}"
        );
    }
    let (good, told, _) = run(&program, &["asked", "--dir", directory]);
    assert!(good && told.lines().count() == 1, "nobody asked: {told}");
    assert!(
        run(
            &program,
            &["revoke", "--dir", directory, "--device", &number]
        )
        .0
    );
    assert_eq!(
        device.send(vec![]).await.unwrap_err().1,
        "revoked",
        "at once"
    );
    serving.stop();
}

#[cfg(unix)]
#[test]
fn mistakes_on_the_command_line_are_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = program();
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().to_str().unwrap();
    for (arguments, said) in [
        (vec!["fly"], "no such command"),
        (vec!["devices"], "--dir is missing"),
        (vec!["devices", "--dir"], "--dir needs a value"),
        (
            vec!["devices", "--dir", directory, "--loud", "x"],
            "no option --loud",
        ),
        (
            vec!["revoke", "--dir", directory, "--device", "7"],
            "no device 7",
        ),
        (
            vec!["revoke", "--dir", directory, "--device", "x"],
            "--device cannot be",
        ),
        (
            vec![
                "enrolment-code",
                "--dir",
                directory,
                "--centre",
                "00000000-0000-0000-0000-0000000000e1",
            ],
            "no such centre",
        ),
        (vec!["scopes", "--dir", directory], "say which device"),
        (
            vec!["scopes", "x", "--dir", directory],
            "is no device's number",
        ),
        (vec!["scopes", "7"], "--dir is missing"),
        (
            vec!["scopes", "7", "--dir", directory],
            "no such device in use",
        ),
        (
            vec!["scopes", "7", "--dir", directory, "--add", "Elm"],
            "it is a centre's id",
        ),
        (
            vec!["scopes", "7", "8", "--dir", directory],
            "options are --name value",
        ),
        (vec!["asked"], "--dir is missing"),
    ] {
        let (good, _, error) = run(&program, &arguments);
        assert!(!good && error.contains(said), "{arguments:?}: {error}");
    }
    let file = home.path().join("bad.json");
    for (text, said) in [
        ("{", "cannot be read"),
        ("{}", "records"),
        (
            r#"{"records":[{"kind":"dragon","id":"00000000-0000-0000-0000-000000000001","fields":{}}]}"#,
            "unknown_kind",
        ),
        (
            r#"{"records":[{"kind":"centre","id":"00000000-0000-0000-0000-000000000001","fields":{"name":7,"kind":"centre"}}]}"#,
            "centre.name",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let (good, _, error) = run(
            &program,
            &[
                "import",
                "--dir",
                directory,
                "--file",
                file.to_str().unwrap(),
            ],
        );
        assert!(!good && error.contains(said), "{text}: {error}");
    }
    let key = home.path().join("county.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let (good, _, error) = run(&program, &["devices", "--dir", directory]);
    assert!(
        !good && error.contains("chmod 600"),
        "a key that others may read is not used: {error}"
    );
}
