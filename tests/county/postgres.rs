//! Two server processes on one PostgreSQL database.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use porch_sync::protocol::Fate;
use uuid::Uuid;

use crate::client::{Device, client};
use crate::process::{Serving, program, run, serve_by};
use crate::story::{ELM, OAK, Pen, centres, edit, make, person, rosa};
use crate::throwaway;

/// What the two machines have.
struct County {
    program: PathBuf,
    home: tempfile::TempDir,
    database: String,
}

impl County {
    fn new() -> Self {
        let county = Self {
            program: program(),
            home: tempfile::tempdir().unwrap(),
            database: throwaway::database(),
        };
        std::fs::write(county.file(), &county.database).unwrap();
        std::fs::set_permissions(county.file(), std::fs::Permissions::from_mode(0o600)).unwrap();
        county
    }

    /// The file with the connection string.
    fn file(&self) -> PathBuf {
        self.home.path().join("database")
    }

    fn directory(&self, server: &str) -> String {
        self.home.path().join(server).display().to_string()
    }

    fn run(&self, command: &str, server: &str, more: &[&str]) -> (bool, String, String) {
        let (directory, file) = (self.directory(server), self.file().display().to_string());
        let first = [command, "--dir", &directory, "--database-file", &file];
        run(&self.program, &[&first, more].concat())
    }

    /// The string in a file for one, in the environment for the other.
    fn serve(&self, server: &str) -> Serving {
        let directory = self.directory(server);
        let ready = self.home.path().join(format!("{server}.json"));
        let mut command = Command::new(&self.program);
        if server == "one" {
            // `serve` comes first, its options in any order.
            return serve_by(
                &mut command,
                &directory,
                &ready,
                &["--database-file", &self.file().display().to_string()],
            );
        }
        command.env("PORCH_DATABASE", &self.database);
        serve_by(&mut command, &directory, &ready, &[])
    }

    fn code_for(&self, centre: Uuid) -> String {
        let centre = centre.to_string();
        let (good, code, error) = self.run("enrolment-code", "one", &["--centre", &centre]);
        assert!(good, "{error}");
        code.trim().to_owned()
    }
}

fn url(serving: &Serving) -> String {
    serving.ready["url"].as_str().unwrap().to_owned()
}

/// The places in a feed that a device is handed, page by page.
async fn places(device: &Device, scope: Uuid) -> Vec<u64> {
    let pages = device.pull().await;
    let of_scope = pages
        .iter()
        .filter(|page| page.place.is_some_and(|place| place.scope == scope));
    of_scope
        .flat_map(|page| page.rows.iter().map(|fed| fed.sequence))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_are_one_county() {
    let county = County::new();
    let file = county.home.path().join("county.json");
    std::fs::write(&file, centres()).unwrap();
    let (good, said, error) = county.run("import", "one", &["--file", file.to_str().unwrap()]);
    assert!(good && said.contains("2 new or different"), "{error}");

    let (good, _, error) = county.run("devices", "two", &[]);
    assert!(
        !good && error.contains("county.key does not fit"),
        "another machine needs the keys first: {error}"
    );
    assert!(
        !Path::new(&county.directory("two"))
            .join("county.key")
            .exists()
    );
    let one = county.serve("one");
    for key in ["county.key", "county-ca.key", "county-ca.pem"] {
        let from = Path::new(&county.directory("one")).join(key);
        std::fs::copy(from, Path::new(&county.directory("two")).join(key)).unwrap();
    }
    let two = county.serve("two");
    assert_ne!(url(&one), url(&two));

    let ca = PathBuf::from(one.ready["ca"].as_str().unwrap());
    let enrol = async |serving: &Serving, centre| {
        let code = county.code_for(centre);
        Device::enrol(client(&ca), &url(serving), &code).await
    };
    let mut here = enrol(&one, ELM).await;
    let mut there = enrol(&two, ELM).await;
    let mut oak = enrol(&two, OAK).await;
    let mut twice = enrol(&one, ELM).await;
    // The same device with the other server: what one gave out the other knows.
    let mut twin = Device {
        client: client(&ca),
        url: url(&two),
        key: twice.key.clone(),
        enrolled: twice.enrolled.clone(),
        token: twice.token.clone(),
        pen: Pen::of(twice.enrolled.device),
    };
    assert!(
        twin.send(vec![]).await.is_ok(),
        "the token is good everywhere"
    );
    twin.token = twin.prove().await.unwrap().token;

    here.push(vec![make(&rosa(), ELM)]).await;
    let rosa_id = Uuid::from(rosa().id);
    let base = Some(here.pen.version());
    let pushing = async |device: &mut Device, scope, first: u128| {
        for number in 0..15 {
            let outcome = device
                .push(vec![make(&person(first + number, "Ada"), scope)])
                .await;
            assert_eq!(outcome.fate, Fate::Applied);
        }
    };
    let same = async {
        for number in 0..15 {
            let sealed = twice
                .pen
                .write(vec![make(&person(0x4000 + number, "Bea"), ELM)]);
            let (one, two) =
                tokio::join!(twice.send(vec![sealed.clone()]), twin.send(vec![sealed]));
            let (one, two) = (one.unwrap(), two.unwrap());
            assert_eq!(one.outcomes, two.outcomes, "the same outcome from both");
            assert_eq!(
                (one.expected, two.expected),
                (number as u64 + 2, number as u64 + 2)
            );
            assert!(!one.cloned && !two.cloned);
        }
    };
    tokio::join!(
        pushing(&mut here, ELM, 0x1000),
        pushing(&mut there, ELM, 0x2000),
        pushing(&mut oak, OAK, 0x3000),
        same,
    );

    let everything: Vec<u64> = (1..=46).collect();
    assert_eq!(places(&here, ELM).await, everything, "once each, no gap");
    assert_eq!(places(&there, ELM).await, everything);
    assert_eq!(places(&twin, ELM).await, everything);
    assert_eq!(places(&oak, OAK).await, (1..=15).collect::<Vec<_>>());

    // One field, two servers, at once: one wins, the other is told, and both servers agree.
    let (first, second) = tokio::join!(
        here.push(vec![edit("person", rosa_id, "phone", "one", base)]),
        there.push(vec![edit("person", rosa_id, "phone", "two", base)]),
    );
    let lost = [first.fate, second.fate]
        .iter()
        .filter(|fate| **fate == Fate::Conflict)
        .count();
    assert_eq!(lost, 1);

    // A write whose answer was lost is asked for again at the other server.
    let sealed = twice.pen.write(vec![make(&person(0x5000, "Cleo"), ELM)]);
    let answered = twice.send(vec![sealed.clone()]).await.unwrap();
    two.stop();
    let two = county.serve("two");
    twin.url = url(&two);
    let again = twin.send(vec![sealed]).await.unwrap();
    assert_eq!(answered.outcomes, again.outcomes);

    let (good, said, _) = county.run("devices", "two", &[]);
    assert!(good && said.matches("in use").count() == 4, "{said}");
    let number = twice.enrolled.device.to_string();
    assert!(county.run("revoke", "two", &["--device", &number]).0);
    for device in [&twice, &twin] {
        assert_eq!(
            device.send(vec![]).await.unwrap_err().1,
            "revoked",
            "everywhere at once"
        );
    }
    for log in [one.stop(), two.stop()] {
        for secret in ["Ada", "Bearer", "user=app", &here.token] {
            assert!(!log.contains(secret), "nothing of it in the log");
        }
    }
}

#[test]
fn what_is_wrong_with_the_database_is_said_plainly() {
    let county = County::new();
    let with = |text: &str, more: &[&str]| {
        std::fs::write(county.file(), text).unwrap();
        let (good, _, error) = county.run("devices", "one", more);
        assert!(!good && !error.contains("geheim"), "{error}");
        error
    };
    let nobody = format!("host={} user=app dbname=t", county.directory("one"));
    assert!(with(&nobody, &[]).contains("PostgreSQL failed"));
    let elsewhere = "host=db.example user=porch password=geheim dbname=porch";
    assert!(with(elsewhere, &[]).contains("--database-ca"));
    assert!(with("password geheim", &[]).contains("cannot be read"));
    assert!(with("user=porch password=geheim", &[]).contains("names no host"));
    let missing = county.database.replace("dbname=", "dbname=no_");
    assert!(with(&missing, &[]).contains("does not exist"));
    std::fs::set_permissions(county.file(), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(with(&county.database, &[]).contains("chmod 600"));
}
