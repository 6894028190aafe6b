//! Pictures under consent: storing one, asking whom one may show, a withdrawal that takes many away,
//! and opening a gallery; each beside the same work on bare SQLCipher.

use std::io::Cursor;
use std::time::{Duration, Instant as Moment};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};
use rusqlite::{Connection, OpenFlags, params};
use serde_json::{Value, json};
use uuid::Uuid;

use super::bare;
use super::figures::{Times, print_table, ratio, row, shown};
use super::prepared::{Prepared, folder, prepare};
use crate::busy;
use crate::kit::TestDesk;
use crate::random::Random;

const PEOPLE: usize = 1_000;
/// Children whose mothers say yes: as many as one picture shows.
const CHILDREN: usize = 30;
/// Times that a picture of twelve megapixels is stored.
const STORED: usize = 12;
/// Times that a question is asked.
const ASKED: usize = 100;
/// Pictures of one child, all of which a withdrawal takes away, and how many withdraw.
const OF_ONE: usize = 500;
const WITHDRAWN: usize = 3;
/// Pictures of a gallery, and how many of their thumbnails fill a screen.
const GALLERY: usize = 1_000;
const ON_A_SCREEN: usize = 24;

/// Measures and prints.
///
/// # Errors
/// When something does not work; never because it is slow.
pub async fn run() -> Result<()> {
    let prepared = prepare(PEOPLE).await?.copy_to(&folder().join("photo"))?;
    let clock = Prepared::clock()?;
    let desk = prepared.log_in(&clock).await?;
    let mut families = Vec::with_capacity(CHILDREN);
    for number in 0..CHILDREN {
        let (family, adult, child) =
            busy::register(&desk.desk, &format!("Beispiel{number}")).await?;
        busy::say_yes(&desk.desk, family, adult, child).await?;
        families.push(Permitting {
            family,
            adult,
            child,
        });
    }
    let mut floor = Floor::create(&prepared)?;
    let mut lines = vec![row(["", "Porch", "p95", "floor", "ratio", "aim"])];
    lines.push(storing(&desk, &mut floor, &families).await?);
    lines.push(asking(&desk, &prepared, &families).await?);
    let session = fill(&desk, &mut floor, &families).await?;
    lines.push(gallery(&desk, &floor, session).await?);
    lines.push(withdrawing(&desk, &mut floor, &families).await?);
    println!(
        "\nPictures under consent, on a device with {} people",
        prepared.people()
    );
    print_table(&lines);
    println!(
        "  Floors, in turns with what they are beside, in a database of the same key mode and durability: decode, scale, encode twice and insert\n  \
         two blobs; {CHILDREN} indexed reads of decisions, without a rule; one read of {GALLERY} rows with who is in them, and {ON_A_SCREEN} thumbnails; one DELETE of\n  \
         {OF_ONE} pictures with their thumbnails, secure_delete on, and the log folded in."
    );
    desk.call("close", json!({})).await?;
    Ok(())
}

/// A family in which a mother said yes for her child.
struct Permitting {
    family: Uuid,
    adult: Uuid,
    child: Uuid,
}

/// Pictures with nothing of Porch around them.
struct Floor(Connection);

impl Floor {
    fn create(prepared: &Prepared) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = bare::open(&prepared.home.join("bare.db"), &prepared.key, flags)?;
        connection.execute_batch(
            "CREATE TABLE picture (number INTEGER PRIMARY KEY, shown INTEGER NOT NULL, people TEXT NOT NULL,
                                   thumbnail BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
             CREATE INDEX picture_by_shown ON picture (shown);",
        )?;
        Ok(Self(connection))
    }

    fn insert(&mut self, shown: usize, thumbnail: &[u8], bytes: &[u8]) -> Result<()> {
        let transaction = self.0.transaction()?;
        let people = Uuid::nil().to_string();
        transaction
            .prepare_cached(
                "INSERT INTO picture (shown, people, thumbnail, bytes) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![shown, people, thumbnail, bytes])?;
        Ok(transaction.commit()?)
    }
}

/// A picture that compresses as a photograph does: soft shapes with a grain.
fn photograph(width: u32, height: u32, seed: u64) -> Result<Vec<u8>> {
    let mut random = Random::new(seed);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let grain = random.any().to_le_bytes()[0] / 16;
        let soft = |of: u32| u8::try_from(of / 24 % 200).unwrap_or_default();
        Rgb([soft(x + y), soft(x * 2 + y), soft(y * 3)].map(|colour| colour.saturating_add(grain)))
    });
    jpeg(&picture.into())
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(picture)?;
    Ok(bytes.into_inner())
}

fn request(child: Uuid, session: &Value, file: &[u8]) -> Value {
    json!({
        "session": session, "people": [child], "taken_at": "2026-11-02T09:40:00.000Z",
        "caption": "", "picture": BASE64.encode(file),
    })
}

async fn storing(
    desk: &TestDesk,
    floor: &mut Floor,
    families: &[Permitting],
) -> Result<Vec<String>> {
    let child = families.last().context("a child")?.child;
    let file = photograph(4_000, 3_000, 12)?;
    let (mut porch, mut bare) = (Times::default(), Times::default());
    for round in 0..=STORED {
        let request = request(child, &Value::Null, &file);
        let began = Moment::now();
        desk.call("add_photo", request).await?;
        let took = began.elapsed();
        let began = Moment::now();
        let large = image::load_from_memory(&file)?.resize(2_048, 2_048, FilterType::Lanczos3);
        floor.insert(
            usize::MAX >> 1,
            &jpeg(&large.thumbnail(320, 320))?,
            &jpeg(&large)?,
        )?;
        let bare_took = began.elapsed();
        if round > 0 {
            porch.add(took);
            bare.add(bare_took);
        }
    }
    let size = file.len() / 100_000;
    let name = format!("store 12 megapixels ({}.{} MB)", size / 10, size % 10);
    Ok(line(&name, &porch, &bare, "at most 1.2"))
}

async fn asking(
    desk: &TestDesk,
    prepared: &Prepared,
    families: &[Permitting],
) -> Result<Vec<String>> {
    let children: Vec<Uuid> = families.iter().map(|each| each.child).collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let reader = bare::open(&prepared.home.join("porch.db"), &prepared.key, flags)?;
    let (mut porch, mut bare) = (Times::default(), Times::default());
    for _ in 0..ASKED {
        let request = json!({ "session": null, "people": children });
        let began = Moment::now();
        let answer = desk.call("photo_check", request).await?;
        porch.add(began.elapsed());
        let all = answer.get("people").and_then(Value::as_array);
        anyhow::ensure!(all.is_some_and(|all| all.len() == CHILDREN), "not all");
        let began = Moment::now();
        let mut find =
            reader.prepare_cached("SELECT granted, refused FROM decision WHERE subject = ?")?;
        for child in &children {
            let _: String = find.query_row([child.as_bytes()], |row| row.get(0))?;
        }
        bare.add(began.elapsed());
    }
    Ok(line(
        &format!("may {CHILDREN} people be shown"),
        &porch,
        &bare,
        "",
    ))
}

/// Pictures of those who will withdraw, the first of them taken at a session, whose id it gives.
async fn fill(desk: &TestDesk, floor: &mut Floor, families: &[Permitting]) -> Result<Value> {
    let today = desk.call("today", json!({})).await?;
    let session = today
        .pointer("/sessions/0/id")
        .cloned()
        .context("a session today")?;
    let file = photograph(1_024, 768, 1)?;
    let small = jpeg(&image::load_from_memory(&file)?.thumbnail(320, 320))?;
    for number in 0..OF_ONE * WITHDRAWN {
        let whose = number / OF_ONE;
        let child = families.get(whose).context("a child")?.child;
        let at = if number < GALLERY {
            &session
        } else {
            &Value::Null
        };
        desk.call("add_photo", request(child, at, &file)).await?;
        floor.insert(whose, &small, &file)?;
    }
    Ok(session)
}

async fn gallery(desk: &TestDesk, floor: &Floor, session: Value) -> Result<Vec<String>> {
    let (mut porch, mut bare) = (Times::default(), Times::default());
    for _ in 0..STORED {
        let began = Moment::now();
        let photos = desk
            .call("photos", json!({ "family": null, "session": session }))
            .await?;
        let photos = photos.as_array().context("photos")?;
        anyhow::ensure!(photos.len() == GALLERY, "{} photos", photos.len());
        for photo in photos.iter().take(ON_A_SCREEN) {
            let wanted = json!({ "photo": photo.get("photo"), "size": "thumbnail" });
            desk.call("photo_picture", wanted).await?;
        }
        porch.add(began.elapsed());

        let began = Moment::now();
        let mut rows = floor
            .0
            .prepare_cached("SELECT number, people FROM picture WHERE shown < 2")?;
        let found = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
        let mut thumbnail = floor
            .0
            .prepare_cached("SELECT thumbnail FROM picture WHERE number = ?")?;
        for (number, _) in found.iter().take(ON_A_SCREEN) {
            let _: Vec<u8> = thumbnail.query_row([number], |row| row.get(0))?;
        }
        bare.add(began.elapsed());
    }
    Ok(line(
        &format!("open a gallery of {GALLERY}"),
        &porch,
        &bare,
        "",
    ))
}

async fn withdrawing(
    desk: &TestDesk,
    floor: &mut Floor,
    families: &[Permitting],
) -> Result<Vec<String>> {
    let (mut porch, mut bare) = (Times::default(), Times::default());
    for (whose, withdrawing) in families.iter().take(WITHDRAWN).enumerate() {
        let request = json!({
            "subject": withdrawing.child, "purpose": "publicity_picture",
            "decisions": decisions(desk, withdrawing).await?, "channels": null,
            "by": withdrawing.adult, "how": "in_person",
        });
        let began = Moment::now();
        let done = desk.call("withdraw_consent", request).await?;
        porch.add(began.elapsed());
        anyhow::ensure!(done.get("photos_removed") == Some(&json!(OF_ONE)), "{done}");

        let began = Moment::now();
        let transaction = floor.0.transaction()?;
        transaction.execute("DELETE FROM picture WHERE shown = ?", [whose])?;
        transaction.commit()?;
        floor
            .0
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        bare.add(began.elapsed());
    }
    Ok(line(
        &format!("withdraw: {OF_ONE} pictures go"),
        &porch,
        &bare,
        "",
    ))
}

/// What a child's mother decided about pictures, by id.
async fn decisions(desk: &TestDesk, of: &Permitting) -> Result<Value> {
    let view = desk.call("family", json!({ "family": of.family })).await?;
    let members = view.get("members").and_then(Value::as_array);
    let mut members = members.into_iter().flatten();
    let child = members.find(|member| member.get("person") == Some(&json!(of.child)));
    let permissions = child.and_then(|child| child.get("permissions")?.as_array());
    let mut permissions = permissions.into_iter().flatten();
    let pictures =
        permissions.find(|each| each.get("purpose") == Some(&json!("publicity_picture")));
    pictures
        .and_then(|pictures| pictures.get("decisions"))
        .cloned()
        .context("no decision about pictures")
}

fn line(name: &str, porch: &Times, bare: &Times, aim: &str) -> Vec<String> {
    let time = |time: Duration| shown(time);
    row([
        name,
        &time(porch.median()),
        &time(porch.p95()),
        &time(bare.median()),
        &ratio(porch, bare),
        aim,
    ])
}
