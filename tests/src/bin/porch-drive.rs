//! Does the main job in the real window, as reception would: for `cargo xtask demo` where nobody
//! sits at a display. One line a step, with its time; a picture of each.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of the demo: it talks to whoever runs it, about invented people"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use anyhow::{Context as _, Result};
use fantoccini::key::Key;
use porch_tests::driver::finder::{button, heading};
use porch_tests::driver::{Opening, Window};
use porch_tests::steps::{self, Newcomer};

const USAGE: &str = "porch-drive --app FILE --tauri-driver FILE --logins FILE --screenshots DIR";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The demo could not go on: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[String]) -> Result<()> {
    let option = |name: &str| -> Result<PathBuf> {
        let word = words.iter().skip_while(|word| *word != name).nth(1);
        word.map(PathBuf::from)
            .with_context(|| format!("{name} is missing.\n\n{USAGE}"))
    };
    let (name, password) = reception(&option("--logins")?)?;
    let shots = option("--screenshots")?;
    let folder = tempfile::tempdir()?;
    let opening = Opening {
        app: option("--app")?,
        tauri_driver: option("--tauri-driver")?,
        home: std::env::var_os("PORCH_HOME")
            .context("PORCH_HOME is missing.")?
            .into(),
        variables: Vec::new(),
        log: folder.path().join("window.log"),
        shots,
    };
    let picture = folder.path().join("picture.jpg");
    draw(&picture)?;

    let started = Instant::now();
    let window = Window::open(&opening).await?;
    let mut job = Job {
        window: &window,
        number: 0,
        since: started,
    };
    job.done("opened the window", "door").await?;
    main_job(&mut job, &name, &password, &picture).await?;
    window.close().await?;
    println!(
        "The main job took {:.1} s.",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn main_job(job: &mut Job<'_>, name: &str, password: &str, picture: &Path) -> Result<()> {
    let window = job.window;
    let newcomer = family_of_this_minute();
    let (parent, child) = (newcomer.parent(), newcomer.child.clone());
    let family = newcomer.family_name.clone();

    steps::log_in(window, name, password).await?;
    job.done("logged in as reception; today's sessions are there", "desk")
        .await?;

    steps::fill_newcomer(window, &newcomer).await?;
    job.done(
        "typed a newcomer: a parent, a child, a phone number",
        "newcomer",
    )
    .await?;
    steps::save_newcomer(window, &newcomer).await?;
    job.done(&format!("registered the {family} family"), "family")
        .await?;

    steps::search(
        window,
        &format!("{} {}", folded(&family), folded(&newcomer.given_name)),
        &family,
    )
    .await?;
    job.done(
        "found them by parts of the name, without diacritics",
        "found",
    )
    .await?;
    window.press(Key::Return).await?;
    window.find(&heading(&family)).await?;
    steps::sign_in(window, 2).await?;
    job.done("signed them in", "signed-in").await?;

    steps::open_family(window, &folded(&family), &family).await?;
    steps::begin_picture(window, &child).await?;
    window.see("nobody has said yes to pictures").await?;
    job.done("a picture is refused: nobody has said yes", "refused")
        .await?;
    window.press(Key::Escape).await?;
    window.push(&button("Back to the family")).await?;

    steps::hand_over(window, &parent).await?;
    job.done("handed the tablet over to the parent", "hand-over")
        .await?;
    steps::answer(window).await?;
    window.sign().await?;
    window.see("Signature drawn.").await?;
    job.done("the parent answered and drew a signature", "signature")
        .await?;
    steps::finish_signing(window).await?;
    steps::take_back(window, password).await?;
    job.done("took the tablet back with the password", "permissions")
        .await?;

    steps::keep_picture(window, &child, picture).await?;
    window.see("1 picture").await?;
    job.done("kept a picture, as the parent permits", "picture")
        .await?;

    window.push(&button("Back to the family")).await?;
    steps::withdraw(window, &parent).await?;
    window.see("1 picture was removed from this device").await?;
    job.done("the parent withdrew, and the picture is gone", "withdrawn")
        .await?;
    window.push(&button("Done")).await?;

    steps::sign_out(window).await?;
    job.done("signed them out", "signed-out").await?;
    steps::lock(window).await?;
    job.done("locked the screen", "locked").await
}

struct Job<'a> {
    window: &'a Window,
    number: u32,
    since: Instant,
}

impl Job<'_> {
    /// Says what was done and how long it took, and takes a picture.
    async fn done(&mut self, what: &str, shot: &str) -> Result<()> {
        println!("{:6.2} s  {what}", self.since.elapsed().as_secs_f64());
        std::io::stdout().flush()?;
        self.number += 1;
        self.window
            .shot(&format!("{:02}-{shot}", self.number))
            .await?;
        self.since = Instant::now();
        Ok(())
    }
}

/// Reception's name and password out of the demo's list.
fn reception(logins: &Path) -> Result<(String, String)> {
    let text = std::fs::read_to_string(logins)
        .with_context(|| format!("{} could not be read", logins.display()))?;
    let found = text.lines().find_map(|line| {
        let mut parts = line.split('\t');
        (parts.next() == Some("reception"))
            .then(|| Some((parts.next()?.to_owned(), parts.next()?.to_owned())))
            .flatten()
    });
    found.context("The list of logins names nobody at reception.")
}

/// A family that was not there the last time: the demo runs again on the same data.
fn family_of_this_minute() -> Newcomer {
    const BEGINNINGS: [&str; 12] = [
        "Ex", "Prób", "Muster", "Ejem", "Esem", "Okon", "Péld", "Vzor", "Örn", "Exem", "Prim",
        "Mal",
    ];
    const MIDDLES: [&str; 10] = ["a", "e", "i", "o", "u", "al", "er", "in", "ol", "an"];
    const ENDINGS: [&str; 10] = [
        "mann", "wska", "ić", "ková", "ești", "kwo", "plar", "ssen", "dez", "ley",
    ];
    const GIVEN: [(&str, &str); 8] = [
        ("Łucja", "Antek"),
        ("Zoë", "Noé"),
        ("Amina", "Idris"),
        ("Siân", "Gwil"),
        ("Ngozi", "Ada"),
        ("Inés", "Raúl"),
        ("Şebnem", "Can"),
        ("Ruth", "Eli"),
    ];
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let pick =
        |many: usize, by: u64| usize::try_from(now.as_secs() / by).unwrap_or_default() % many;
    let part = |parts: &[&'static str], by: u64| {
        parts
            .get(pick(parts.len(), by))
            .copied()
            .unwrap_or_default()
    };
    let family = format!(
        "{}{}{}",
        part(&BEGINNINGS, 1),
        part(&MIDDLES, 12),
        part(&ENDINGS, 120)
    );
    let (given, child) = GIVEN.get(pick(GIVEN.len(), 1)).copied().unwrap_or_default();
    // Ofcom keeps these numbers for drama.
    let phone = format!("07700 900{:03}", now.as_secs() % 1000);
    Newcomer {
        phone,
        postcode: "ng9 8gf".to_owned(),
        ..Newcomer::named(given, &family, child)
    }
}

/// As somebody types who has no such keys.
fn folded(name: &str) -> String {
    const LETTERS: [(&str, &str); 14] = [
        ("ó", "o"),
        ("é", "e"),
        ("Ö", "o"),
        ("ö", "o"),
        ("ć", "c"),
        ("á", "a"),
        ("ș", "s"),
        ("Ł", "l"),
        ("ë", "e"),
        ("â", "a"),
        ("ú", "u"),
        ("Ş", "s"),
        ("ń", "n"),
        ("ü", "u"),
    ];
    LETTERS
        .iter()
        .fold(name.to_owned(), |name, (from, to)| name.replace(from, to))
        .to_lowercase()
}

/// A landscape with nobody in it.
fn draw(file: &Path) -> Result<()> {
    let picture = image::RgbImage::from_fn(960, 720, |x, y| {
        let (x, y) = (i64::from(x), i64::from(y));
        let hill = 470 + (x - 300) * (x - 300) / 1900;
        let sun = (x - 700).pow(2) + (y - 190).pow(2) < 6400;
        let fade = u8::try_from(y / 9).unwrap_or(80);
        image::Rgb(if sun {
            [250, 206, 104]
        } else if y > hill {
            [96, 142, 92]
        } else {
            [148 + fade, 196, 226 - fade / 3]
        })
    });
    picture.save(file).context("drawing a picture")
}
