//! Devices of a county whose store is PostgreSQL: what they hear of its backups.

use std::path::Path;
use std::sync::Arc;

use porch_county::home;
use porch_county::store::{Address, PostgresStore};
use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;

use crate::scene::{Device, Server};
use crate::story::{ELM, OAK, edit, make, person, rosa, tom};
use crate::throwaway;

impl Server<PostgresStore> {
    /// The county in a database, with the keys of an earlier server if there was one.
    async fn on(database: &str, keys: Option<&Path>) -> Self {
        let home = tempfile::tempdir().unwrap();
        if let Some(keys) = keys {
            std::fs::copy(keys.join("county.key"), home.path().join("county.key")).unwrap();
        }
        let address = Address::read(database, None).unwrap();
        let county = home::open_database(home.path(), address).await.unwrap();
        Self {
            home,
            county: Arc::new(county),
        }
    }

    async fn back_up(&self) -> Vec<u8> {
        let file = self.home.path().join("backup.sql");
        let _ = std::fs::remove_file(&file);
        let pg_dump = throwaway::program("pg_dump");
        self.county.back_up(&file, &pg_dump).await.unwrap();
        std::fs::read(&file).unwrap()
    }
}

fn bodies(device: &Device) -> u64 {
    device.count("SELECT COUNT(*) FROM outbox WHERE body IS NOT NULL")
}

#[tokio::test]
async fn a_device_lets_go_of_what_is_in_a_backup_and_confirms_a_scope_that_it_has_left() {
    let server = Server::on(&throwaway::database(), None).await;
    server.import().await;
    let (oak, desk) = (server.device_of(OAK).await, server.device().await);
    oak.save(vec![make(&rosa(), OAK)]);
    oak.meets(&server).await;
    let change = async |add: &[_], remove: &[_]| {
        let (add, remove) = (add.iter().copied(), remove.iter().copied());
        let (add, remove) = (add.collect(), remove.collect());
        let changed = server.county.change_scopes(desk.number(), &add, &remove);
        changed.await.unwrap();
    };
    change(&[OAK], &[]).await;
    desk.meets(&server).await;
    let base = desk.row(Person::KIND, rosa().id.into()).unwrap().fields["phone"].version;
    let phone = "01632 960001";
    let changed = edit(Person::KIND, rosa().id.into(), "phone", phone, Some(base));
    desk.save(vec![changed]);
    desk.meets(&server).await;
    change(&[], &[OAK]).await;
    desk.meets(&server).await;
    desk.meets(&server).await;
    assert!(desk.row(Person::KIND, rosa().id.into()).is_none());
    let known = async || {
        let devices = server.county.devices().await.unwrap();
        let mut devices = devices.into_iter();
        devices.find(|row| row.number == desk.number()).unwrap()
    };
    assert!(
        bodies(&desk) == 1 && known().await.leaving.contains(&OAK),
        "what it wrote there is in no backup: it alone may have it"
    );
    server.back_up().await;
    desk.meets(&server).await;
    desk.meets(&server).await;
    assert_eq!(bodies(&desk), 0);
    let known = known().await;
    assert!(known.leaving.is_empty() && known.left.contains(&OAK));
}

#[tokio::test]
async fn a_county_that_is_restored_from_its_backup_gets_back_what_the_devices_have() {
    let server = Server::on(&throwaway::database(), None).await;
    server.import().await;
    let (one, two) = (server.device().await, server.device().await);
    one.save(vec![make(&rosa(), ELM)]);
    one.meets(&server).await;
    let dump = server.back_up().await;
    one.meets(&server).await;
    assert_eq!(bodies(&one), 0, "in a backup");
    one.save(vec![make(&tom(), ELM)]);
    one.meets(&server).await;
    two.save(vec![make(&person(0xada, "Ada"), ELM)]);
    two.meets(&server).await;

    let (database, content) = throwaway::restore(&dump);
    assert!(content);
    let restored = Server::on(&database, Some(server.home.path())).await;
    for device in [&one, &two, &one, &two] {
        device.meets(&restored).await;
    }
    let newcomer = restored.device().await;
    newcomer.meets(&restored).await;
    for device in [one, two, newcomer] {
        assert_eq!(device.count("SELECT COUNT(*) FROM person"), 3);
        let state = device.state();
        assert_eq!((state.unsent, state.conflicts, state.stopped), (0, 0, 0));
    }
}
