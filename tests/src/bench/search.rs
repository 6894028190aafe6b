//! Search as typed, beside the bare FTS5 query that finds the same people on the same database.

use std::time::Instant as Moment;

use anyhow::{Context as _, Result, ensure};
use chrono::{Days, NaiveDate, Utc};
use porch_domain::name_key::phone_tail;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::{Value, json};
use uuid::Uuid;

use super::bare;
use super::figures::{Times, print_table, ratio, row, shown};
use super::prepared::{Prepared, prepare};
use crate::kit::TestDesk;

const SIZES: [usize; 2] = [10_000, 100_000];
const ROUNDS: usize = 100;
const WARM_UP: usize = 10;
/// Families in each tier, as the window asks.
const LIMIT: u32 = 8;

const BARE: &str = "
    SELECT rowid, names, phone, postcode, birth
    FROM person_search WHERE person_search MATCH ? ORDER BY rowid LIMIT ?";
const MATCHES: &str = "
    SELECT 1 FROM search_entry e JOIN person_search s ON s.rowid = e.number
    WHERE e.person = ? AND person_search MATCH ?";

/// Something typed, and how the index is asked for it.
struct Typed {
    text: String,
    sought: String,
}

/// The times of one text.
#[derive(Default)]
struct Turn {
    people: usize,
    desk: Times,
    bare: Times,
}

/// Measures and prints.
///
/// # Errors
/// When something does not work; never because it is slow.
pub async fn run() -> Result<()> {
    for size in SIZES {
        let prepared = prepare(size).await?;
        let clock = Prepared::clock()?;
        let desk = prepared.log_in(&clock).await?;
        let database = prepared.home.join("porch.db");
        let floor = bare::open(&database, &prepared.key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let texts = texts(Utc::now().date_naive())?;
        let mut turns = Vec::new();
        for typed in &texts {
            turns.push(Turn {
                people: agree(&desk, &floor, typed).await?,
                ..Turn::default()
            });
        }
        // Every text in each round: as at a desk, no search finds the pages that it wants still warm from itself.
        for round in 0..WARM_UP + ROUNDS {
            for (typed, turn) in texts.iter().zip(&mut turns) {
                let began = Moment::now();
                search(&desk, &typed.text).await?;
                let took = began.elapsed();
                let began = Moment::now();
                let rows = ask(&floor, &typed.sought, turn.people)?;
                let bare_took = began.elapsed();
                ensure!(
                    rows == turn.people,
                    "the bare query found {rows} people and not {}",
                    turn.people
                );
                if round >= WARM_UP {
                    turn.desk.add(took);
                    turn.bare.add(bare_took);
                }
            }
        }
        print(&prepared, &texts, &turns);
        desk.call("close", json!({})).await?;
    }
    println!(
        "  {ROUNDS} rounds of all texts, desk and bare query in turns. The desk's time is from the command's JSON to its\n  \
         answer's: at most {LIMIT} families of each nearness (expected today, of this centre, of others) with all their\n  \
         members and marks. The bare query gives as many people as matched in them, in the index's own order. The aim\n  \
         counts from key press to painted results with 100,000 people; the way to the window and painting are not in it."
    );
    Ok(())
}

fn print(prepared: &Prepared, texts: &[Typed], turns: &[Turn]) {
    println!(
        "\nSearch as typed, on a device with {} people",
        prepared.people()
    );
    let mut table = vec![row([
        "typed",
        "people",
        "desk median",
        "p95",
        "bare median",
        "p95",
        "ratio",
        "aim",
    ])];
    for (typed, turn) in texts.iter().zip(turns) {
        let [desk, slow] = [turn.desk.median(), turn.desk.p95()].map(shown);
        let [bare, bare_slow] = [turn.bare.median(), turn.bare.p95()].map(shown);
        let (people, ratio) = (turn.people.to_string(), ratio(&turn.desk, &turn.bare));
        table.push(row([
            &typed.text,
            &people,
            &desk,
            &slow,
            &bare,
            &bare_slow,
            &ratio,
            "p95 under 50 ms",
        ]));
    }
    print_table(&table);
}

/// What is typed: a name as it grows, and the other ways to ask.
fn texts(today: NaiveDate) -> Result<Vec<Typed>> {
    let typed = |text: &str, sought: String| Typed {
        text: text.to_owned(),
        sought,
    };
    let name = |text: &str| format!("((names : \"{text}\" *))");
    let tail = |digits: &str| format!("(phone : \"{}\" *)", phone_tail(digits));
    let born = today.checked_sub_days(Days::new(1_000)).context("a date")?;
    let digits = born.format("%d/%m/%Y").to_string();
    let birth = format!(
        "((birth : \"{}\") OR {})",
        born.format("%Y%m%d"),
        tail(&digits)
    );
    Ok(vec![
        typed("m", name("m")),
        typed("ma", name("ma")),
        typed("mar", name("mar")),
        typed("maria", name("maria")),
        typed(
            "muestra mar",
            format!("({} AND {})", name("muestra"), name("mar")),
        ),
        typed("900123", format!("({})", tail("900123"))),
        typed("NG99 5BD", "((postcode : \"ng995bd\"))".to_owned()),
        typed(&digits, birth),
    ])
}

async fn search(desk: &TestDesk, text: &str) -> Result<Value> {
    Ok(desk
        .call("search", json!({ "text": text, "limit": LIMIT }))
        .await?)
}

fn ask(floor: &Connection, sought: &str, people: usize) -> Result<usize> {
    let mut select = floor.prepare_cached(BARE)?;
    let mut rows = select.query(params![sought, i64::try_from(people)?])?;
    let (mut count, mut bytes) = (0, 0);
    while let Some(row) = rows.next()? {
        count += 1;
        for column in 1..5 {
            bytes += row.get_ref(column)?.as_str()?.len();
        }
    }
    ensure!(count == 0 || bytes > 0, "the bare query read nothing");
    Ok(count)
}

/// How many people the desk finds by a text; each of them must be one whom the bare query means.
async fn agree(desk: &TestDesk, floor: &Connection, typed: &Typed) -> Result<usize> {
    let view = search(desk, &typed.text).await?;
    let each = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let families = each(&view, "tiers")
        .into_iter()
        .flat_map(|tier| each(&tier, "families"));
    let members = families.flat_map(|family| each(&family, "members"));
    let mut people = std::collections::BTreeSet::new();
    for member in members.filter(|member| member.get("matched") == Some(&Value::Bool(true))) {
        let person: Uuid = member
            .get("person")
            .and_then(Value::as_str)
            .context("a member without an id")?
            .parse()?;
        let meant = floor
            .prepare_cached(MATCHES)?
            .exists(params![person.as_bytes(), typed.sought])?;
        ensure!(
            meant,
            "“{}” found somebody whom the bare query does not mean",
            typed.text
        );
        people.insert(person);
    }
    ensure!(!people.is_empty(), "“{}” finds nobody", typed.text);
    Ok(people.len())
}
