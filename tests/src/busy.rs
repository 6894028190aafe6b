//! A desk that works without a pause and says what it has saved, so that it can be killed at any
//! moment and held to its word.
//!
//! It calls the window's own commands over real files, with the machine's clock. Only two things
//! are not as shipped: the keyring is a file, and a password costs little.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use porch_desk::{Desk, KeeperTrouble, Refusal, SecretKeeper, Settings, SystemClock};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::kit::{CHEAP, PASSWORD, signature};
use crate::random::Random;

/// A keyring in a folder, a file a secret.
pub struct FileKeeper(PathBuf);

impl FileKeeper {
    /// Over a folder, which is made when the first secret comes.
    #[must_use]
    pub fn over(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name.replace('/', "-"))
    }
}

impl SecretKeeper for FileKeeper {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeeperTrouble> {
        match std::fs::read(self.file(name)) {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(KeeperTrouble::Failed),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeeperTrouble> {
        let (file, aside) = (self.file(name), self.file(&format!("{name}.new")));
        let write = || {
            std::fs::create_dir_all(&self.0)?;
            let mut writing = File::create(&aside)?;
            writing.write_all(secret)?;
            writing.sync_all()?;
            std::fs::rename(&aside, file)
        };
        write().map_err(|_: std::io::Error| KeeperTrouble::Failed)
    }
}

/// Where a busy desk's files lie: the desk's own folder, and the keyring beside it.
#[derive(Clone, Debug)]
pub struct BusyHome(pub PathBuf);

impl BusyHome {
    /// The desk's own folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.0.join("desk")
    }

    /// Its keyring.
    #[must_use]
    pub fn keeper(&self) -> FileKeeper {
        FileKeeper::over(&self.0.join("keyring"))
    }

    /// The desk, as after a start of the program.
    #[must_use]
    pub fn desk(&self) -> Desk {
        Desk::new(Settings {
            home: self.folder(),
            papers: self.0.join("papers"),
            keeper: Arc::new(self.keeper()),
            clock: Arc::new(SystemClock),
            kdf: CHEAP,
        })
    }
}

/// What a busy desk says, one line of JSON each, written at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// It is open and somebody is logged in.
    Ready,
    /// It begins to do something.
    Begins(Deed),
    /// It has done it: for what is saved, the command has returned.
    Done(Deed),
    /// The county was not reached, or what was tried was refused as a command may be.
    NotDone(String),
}

/// What a busy desk does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Registers a grown-up and a child of a family name that nobody else has.
    Register {
        /// The family name.
        name: String,
        /// The family, once it is saved.
        family: Option<Uuid>,
    },
    /// Changes somebody's telephone number.
    Phone {
        /// Who.
        person: Uuid,
        /// The new number, digits only.
        phone: String,
    },
    /// Writes a note on the family that all devices know, so that devices write at once.
    Note,
    /// Signs a family in.
    SignIn {
        /// The attendances, once they are saved.
        attendances: Vec<Uuid>,
    },
    /// Adds a picture of the child who may be photographed.
    Photo {
        /// Its caption, which no other has.
        caption: String,
        /// The photo, once it is saved.
        photo: Option<Uuid>,
    },
    /// Meets the county.
    Sync,
}

/// What a busy desk is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orders {
    /// Its files.
    pub home: PathBuf,
    /// Who logs in.
    pub user: Uuid,
    /// The family that all devices know, and its child who may be photographed.
    pub family: Uuid,
    /// The child.
    pub child: Uuid,
    /// What it does follows from this; no two runs of one trial have the same.
    pub seed: u64,
    /// It meets the county and saves nothing.
    pub only_meets: bool,
}

/// Works until it is killed.
///
/// # Errors
/// When a command is refused that no kill or lost connection explains.
pub async fn work(orders: &Orders) -> anyhow::Result<()> {
    let desk = BusyHome(orders.home.clone()).desk();
    let request = json!({ "user": orders.user, "password": PASSWORD });
    expected(desk.call("log_in", request).await)?;
    say(&Said::Ready)?;
    let mut worker = Worker {
        desk,
        orders,
        random: Random::new(orders.seed),
        deeds: 0,
        known: Vec::new(),
    };
    loop {
        worker.act().await?;
    }
}

struct Worker<'a> {
    desk: Desk,
    orders: &'a Orders,
    random: Random,
    deeds: u64,
    /// The families that it registered, with the person whose number changes.
    known: Vec<Known>,
}

struct Known {
    family: Uuid,
    name: String,
    adult: Uuid,
    child: Uuid,
}

impl Worker<'_> {
    async fn act(&mut self) -> anyhow::Result<()> {
        if self.orders.only_meets {
            return self.sync().await;
        }
        self.deeds += 1;
        match self.random.below(15) {
            0..=4 => self.register().await,
            5..=6 => self.phone().await,
            7..=8 => self.sign_in().await,
            9 => self.note().await,
            10..=11 => self.photo().await,
            _ => self.sync().await,
        }
    }

    /// A word that no other deed of any run has.
    fn word(&self) -> String {
        format!("s{}d{}", self.orders.seed, self.deeds)
    }

    async fn register(&mut self) -> anyhow::Result<()> {
        let name = letters(self.orders.seed.wrapping_mul(100_000) + self.deeds);
        let deed = |family| Deed::Register {
            name: name.clone(),
            family,
        };
        say(&Said::Begins(deed(None)))?;
        let request = registration(&self.desk, &name).await?;
        let registered = expected(self.desk.call("register", request).await)?;
        let family = id(&registered, "family")?;
        say(&Said::Done(deed(Some(family))))?;
        let view = expected(self.desk.call("family", json!({ "family": family })).await)?;
        self.known.push(Known {
            family,
            adult: member(&view, "Ada")?,
            child: member(&view, "Tim")?,
            name,
        });
        Ok(())
    }

    async fn phone(&mut self) -> anyhow::Result<()> {
        if self.known.is_empty() {
            return Ok(());
        }
        let known = self.random.pick(&self.known);
        let (family, person, name) = (known.family, known.adult, known.name.clone());
        let view = expected(self.desk.call("family", json!({ "family": family })).await)?;
        let members = view.get("members").and_then(Value::as_array);
        let seen = members
            .into_iter()
            .flatten()
            .find(|member| member.get("person") == Some(&json!(person)))
            .context("the person's versions")?;
        // Ofcom's numbers for drama: 07700 900000 to 900999.
        let phone = format!("07700900{:03}", self.random.below(1000));
        let deed = Deed::Phone {
            person,
            phone: phone.clone(),
        };
        say(&Said::Begins(deed.clone()))?;
        let form = form("Ada", &name, "3 Apr 1994", &phone, "parent_carer");
        let request = json!({ "person": person, "versions": seen.get("versions"), "form": form });
        expected(self.desk.call("edit_person", request).await)?;
        say(&Said::Done(deed))
    }

    async fn sign_in(&mut self) -> anyhow::Result<()> {
        let today = expected(self.desk.call("today", json!({})).await)?;
        let sessions = today.get("sessions").and_then(Value::as_array);
        let open = sessions.into_iter().flatten().next();
        // Around midnight there may be none.
        let (Some(session), false) = (open, self.known.is_empty()) else {
            return Ok(());
        };
        let known = self.random.pick(&self.known);
        let request = json!({
            "session": session.get("id"), "family": known.family, "people": [known.adult, known.child],
        });
        let nothing = Deed::SignIn {
            attendances: Vec::new(),
        };
        say(&Said::Begins(nothing))?;
        match self.desk.call("sign_in", request).await {
            Ok(view) => {
                let attendances = view.get("attendances").context("attendances")?;
                say(&Said::Done(Deed::SignIn {
                    attendances: serde_json::from_value(attendances.clone())?,
                }))
            }
            // They are here already, or the session is full.
            Err(refusal) => not_done(&refusal),
        }
    }

    async fn note(&mut self) -> anyhow::Result<()> {
        let family = self.orders.family;
        let view = expected(self.desk.call("family", json!({ "family": family })).await)?;
        let request = json!({
            "family": family, "versions": view.get("versions"), "address": "1 Sample Street",
            "postcode": "ng99 1aa", "no_fixed_address": false, "note": self.word(),
        });
        say(&Said::Begins(Deed::Note))?;
        expected(self.desk.call("edit_family", request).await)?;
        say(&Said::Done(Deed::Note))
    }

    async fn photo(&mut self) -> anyhow::Result<()> {
        let caption = self.word();
        let deed = |photo| Deed::Photo {
            caption: caption.clone(),
            photo,
        };
        say(&Said::Begins(deed(None)))?;
        let (child, seed) = (self.orders.child, self.random.any());
        let photo = add_photo(&self.desk, child, &caption, seed).await?;
        say(&Said::Done(deed(Some(photo))))?;
        self.sync().await
    }

    async fn sync(&mut self) -> anyhow::Result<()> {
        say(&Said::Begins(Deed::Sync))?;
        match self.desk.call("sync_now", json!({})).await {
            Ok(_) => say(&Said::Done(Deed::Sync)),
            Err(refusal) => not_done(&refusal),
        }
    }
}

/// Registers a family of that name at a desk, and gives family and child.
///
/// # Errors
/// When the desk refuses.
pub async fn register(desk: &Desk, name: &str) -> anyhow::Result<(Uuid, Uuid, Uuid)> {
    let request = registration(desk, name).await?;
    let registered = expected(desk.call("register", request).await)?;
    let family = id(&registered, "family")?;
    let view = expected(desk.call("family", json!({ "family": family })).await)?;
    Ok((family, member(&view, "Ada")?, member(&view, "Tim")?))
}

/// Lets a parent say yes to every channel of a publicity picture for her child.
///
/// # Errors
/// When the desk refuses.
pub async fn say_yes(desk: &Desk, family: Uuid, adult: Uuid, child: Uuid) -> anyhow::Result<()> {
    let ground = json!({ "child": child, "holder": adult, "ground": "mother", "evidence": "seen" });
    let authority = expected(desk.call("record_authority", ground).await)?;
    let pages = expected(
        desk.call(
            "begin_hand_over",
            json!({ "family": family, "purposes": ["publicity_picture"] }),
        )
        .await,
    )?;
    let wordings = pages.get("wordings").and_then(Value::as_array);
    let wording = wordings
        .into_iter()
        .flatten()
        .find(|wording| wording.get("purpose") == Some(&json!("publicity_picture")))
        .context("the wording for pictures")?;
    let channels = wording.get("channels").and_then(Value::as_array);
    let channels: Vec<_> = channels
        .into_iter()
        .flatten()
        .filter_map(|channel| channel.get("channel"))
        .collect();
    let answer = json!({
        "decider": adult,
        "answers": [{
            "subject": child, "authority": authority.get("authority"), "wording": wording.get("wording"),
            "version": wording.get("version"), "sha256": wording.get("sha256"), "attribution": null, "granted": channels, "refused": [], "replaces": [],
        }],
        "signature": signature(), "typed_name": null, "witness": null,
        "language": wording.get("language"), "notice": seen(pages.get("notices"))?, "help": "none",
    });
    expected(desk.call("decide", answer).await)?;
    expected(
        desk.call("end_hand_over", json!({ "password": PASSWORD }))
            .await,
    )?;
    Ok(())
}

/// Adds a picture of a child that is larger than a chunk of a blob.
///
/// # Errors
/// When the desk refuses.
pub async fn add_photo(desk: &Desk, child: Uuid, caption: &str, seed: u64) -> anyhow::Result<Uuid> {
    let request = json!({
        "session": null, "people": [child], "taken_at": "2026-11-02T09:40:00.000Z",
        "caption": caption, "picture": noise(seed)?,
    });
    id(&expected(desk.call("add_photo", request).await)?, "photo")
}

/// That the first of the notices was shown, as commands are told.
fn seen(notices: Option<&Value>) -> anyhow::Result<BTreeMap<&str, Option<&Value>>> {
    let notice = notices.and_then(|notices| notices.get(0));
    let notice = notice.context("a notice to show")?;
    let parts = ["notice", "version", "language", "sha256"].into_iter();
    Ok(parts.map(|part| (part, notice.get(part))).collect())
}

async fn registration(desk: &Desk, name: &str) -> anyhow::Result<Value> {
    let notices = expected(desk.call("notices", json!({})).await)?;
    let shown = seen(Some(&notices))?;
    Ok(json!({
        "adults": [form("Ada", name, "3 Apr 1994", "", "parent_carer")],
        "children": [form("Tim", name, "14/2/24", "", "child")],
        "address": "1 Sample Street", "postcode": "ng99 1aa", "no_fixed_address": false, "note": "",
        "notice": shown, "sign_in_to": null,
    }))
}

fn form(given: &str, family: &str, born: &str, phone: &str, role: &str) -> Value {
    json!({
        "given_name": given, "family_name": family, "known_as": "", "birth_date": born, "due_date": "",
        "phone": phone, "email": "", "nhs_number": "", "language": "", "allergies": "", "role": role,
        "parental_responsibility": null,
    })
}

fn member(view: &Value, given: &str) -> anyhow::Result<Uuid> {
    let members = view.get("members").and_then(Value::as_array);
    let found = members
        .into_iter()
        .flatten()
        .find(|member| member.get("given_name") == Some(&json!(given)));
    id(found.context("no such member")?, "person")
}

fn id(view: &Value, name: &str) -> anyhow::Result<Uuid> {
    let id = view.get(name).and_then(Value::as_str);
    Ok(id.context("an id is missing")?.parse()?)
}

/// A command that nothing should keep from being done.
fn expected(done: Result<Value, Refusal>) -> anyhow::Result<Value> {
    done.map_err(|refusal| anyhow::anyhow!("refused: {}", words(&refusal)))
}

fn words(refusal: &Refusal) -> String {
    serde_json::to_string(refusal).unwrap_or_default()
}

fn not_done(refusal: &Refusal) -> anyhow::Result<()> {
    say(&Said::NotDone(words(refusal)))
}

/// In one write, so that a kill leaves whole lines and at most a piece of the last.
fn say(said: &Said) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(said)?;
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&line)?;
    Ok(out.flush()?)
}

/// A family name of a number's own.
fn letters(number: u64) -> String {
    let mut name = String::from("Wzor");
    let mut left = number;
    while left > 0 {
        let letter = u8::try_from(left % 26).unwrap_or_default();
        name.push(char::from(b'a' + letter));
        left /= 26;
    }
    name
}

/// A picture that no codec makes smaller than a chunk of a blob, in base64.
fn noise(seed: u64) -> anyhow::Result<String> {
    let mut random = Random::new(seed);
    // Of a length that no line of the picture is a multiple of.
    let piece: Vec<u8> = (0..997).map(|_| random.any().to_le_bytes()[0]).collect();
    let (width, height) = (1200, 1000);
    let mut pixels = piece.repeat(width * height * 3 / piece.len() + 1);
    pixels.truncate(width * height * 3);
    let picture = image::RgbImage::from_raw(1200, 1000, pixels).context("a picture")?;
    let mut bytes = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 85);
    picture.write_with_encoder(encoder)?;
    Ok(BASE64.encode(bytes.into_inner()))
}
