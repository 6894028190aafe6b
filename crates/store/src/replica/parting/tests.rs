//! Records that leave.

use porch_domain::id::CentreId;
use porch_sync::device::Replica as _;
use porch_sync::protocol::{Digests, FeedPlace, FeedRow, PullPage};
use porch_sync::{Bytes, DeviceNumber, Hlc, Mark, Row, ScopeDigest, Stamped, Tally, Version};

use super::*;
use crate::device::DeviceRow;
use crate::scratch;

const CENTRE: Uuid = Uuid::from_u128(0xc1);

#[test]
fn what_a_newer_county_keeps_leaves_with_its_scope_though_it_is_not_understood_here() {
    let (_home, store) = scratch::store();
    let device = DeviceRow {
        number: DeviceNumber(3),
        name: "Front desk".into(),
        centre: CentreId::from(CENTRE),
        scopes: vec![CENTRE],
        server: String::new(),
        county_certificate: String::new(),
        restricted_epoch: 1,
        restricted_key: [7; 32],
        epoch: Uuid::nil(),
    };
    store.write(|write| write.put_device(&device)).unwrap();
    let version = Version {
        clock: Hlc::at(1),
        device: DeviceNumber(9),
        sequence: 1,
    };
    let value = serde_json::Value::from("Canaria Vogelfrei");
    let row = Row {
        kind: "of_tomorrow".to_owned(),
        id: Uuid::from_u128(0x70),
        fields: [("name".to_owned(), Stamped { value, version })].into(),
    };
    let key = Bytes([5; 32]);
    let tally = Tally::default().with(None, Mark::of(&key, &row));
    let page = |after, tally, rows, left| PullPage {
        epoch: Uuid::nil(),
        removals: Vec::new(),
        urgent: Vec::new(),
        urgent_head: 0,
        place: Some(FeedPlace {
            scope: CENTRE,
            after,
        }),
        rows,
        left,
        holds: None,
        more: false,
        digests: Some(Digests {
            key,
            scopes: vec![ScopeDigest::of(CENTRE, after, tally)],
        }),
        backed_up: 0,
        kept_aside: None,
        server_unix_ms: 1_795_426_200_000,
    };
    let aside = || {
        let sql = "SELECT COUNT(*) FROM set_aside";
        let count = |read: &Read<'_>| -> Result<u64, StoreError> {
            Ok(read.connection.query_row(sql, (), |row| row.get(0))?)
        };
        store.read(count).unwrap()
    };
    let record = row.id;
    let rows = vec![FeedRow { sequence: 1, row }];
    store.take_page(&page(1, tally, rows, Vec::new())).unwrap();
    assert_eq!(aside(), 1);
    let left = Left {
        sequence: 2,
        kind: "of_tomorrow".to_owned(),
        record,
    };
    let gone = page(2, Tally::default(), Vec::new(), vec![left]);
    store.take_page(&gone).unwrap();
    store.let_go().unwrap();
    assert_eq!(aside(), 0);
    assert!(!store.read(|read| read.has_stopped(CENTRE)).unwrap());
}
