//! A county server and desks for tests: real files, real TLS on the loopback interface; the
//! keyring and the clock are the test's own.

use std::collections::HashMap;
use std::io::Cursor;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use chrono::NaiveDate;
use porch_county::store::SqliteStore;
use porch_county::tls::Authority;
use porch_county::{County, Running, home, serve_on};
use porch_desk::{
    Clock, Code, Desk, KdfParameters, KeeperTrouble, Refusal, SecretKeeper, Settings,
};
use porch_domain::time::Instant;
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::county::{InventedCounty, Size, invent_sized};

/// A password that passes, and belongs to nobody.
pub const PASSWORD: &str = "larch umbrella tuesday";

/// Cheap parameters: what is tested here is not how long a password takes.
pub const CHEAP: KdfParameters = KdfParameters {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};

/// A keyring in memory, or that there is none.
#[derive(Clone)]
pub struct Keeper(Option<Arc<Mutex<Kept>>>);

/// Secrets by their names.
type Kept = HashMap<String, Vec<u8>>;

impl Default for Keeper {
    fn default() -> Self {
        Self(Some(Arc::default()))
    }
}

impl Keeper {
    /// A computer without a keyring.
    #[must_use]
    pub const fn absent() -> Self {
        Self(None)
    }

    /// Another keyring that holds the same.
    #[must_use]
    pub fn copied(&self) -> Self {
        let kept = self.kept().map(|kept| kept.clone()).ok();
        Self(kept.map(|kept| Arc::new(Mutex::new(kept))))
    }

    fn kept(&self) -> Result<MutexGuard<'_, Kept>, KeeperTrouble> {
        let kept = self.0.as_ref().ok_or(KeeperTrouble::Absent)?;
        Ok(kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SecretKeeper for Keeper {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeeperTrouble> {
        Ok(self.kept()?.get(name).cloned().map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeeperTrouble> {
        self.kept()?.insert(name.to_owned(), secret.to_vec());
        Ok(())
    }
}

/// A clock that moves when it is told to.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Stands at a moment, `2026-11-23T09:30:00.000Z` for example.
    ///
    /// # Errors
    /// When the text is no moment.
    pub fn at(text: &str) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(AtomicI64::new(
            text.parse::<Instant>()?.unix_ms(),
        ))))
    }

    /// Moves on.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

/// A county server that runs in this process, over TLS.
pub struct TestCounty {
    /// The county behind it.
    pub county: Arc<County<SqliteStore>>,
    /// Who lives in it.
    pub invented: InventedCounty,
    /// Its CA certificate, PEM.
    pub certificate: String,
    folder: PathBuf,
    address: std::net::SocketAddr,
    running: Option<Running>,
}

impl TestCounty {
    /// Starts one in a folder and imports an invented county into it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start(folder: &Path, first_day: NaiveDate, size: Size) -> anyhow::Result<Self> {
        let invented = invent_sized(1, first_day, size);
        let county = Arc::new(home::open(folder).await?);
        let file = serde_json::to_vec(&invented)?;
        let importing = county.clone();
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || importing.import(Cursor::new(file), &runtime, |_| {}))
            .await??;
        let authority = Authority::open(folder, chrono::Utc::now())?;
        let certificate = authority.pem().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let running = serve_on(listener, county.clone(), authority, Vec::new())?;
        let address = running.address();
        Ok(Self {
            county,
            invented,
            certificate,
            folder: folder.to_owned(),
            address,
            running: Some(running),
        })
    }

    /// Pulls the network: the server answers nobody until [`TestCounty::reconnect`].
    ///
    /// # Errors
    /// When it had failed.
    pub async fn disconnect(&mut self) -> anyhow::Result<()> {
        if let Some(running) = self.running.take() {
            running.stop().await?;
        }
        Ok(())
    }

    /// Plugs the network in again, at the same address.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn reconnect(&mut self) -> anyhow::Result<()> {
        let authority = Authority::open(&self.folder, chrono::Utc::now())?;
        let listener = TcpListener::bind(self.address)?;
        self.running = Some(serve_on(
            listener,
            self.county.clone(),
            authority,
            Vec::new(),
        )?);
        Ok(())
    }

    /// Goes on at the same address from a backup, in another folder.
    ///
    /// # Errors
    /// When it cannot be started from it.
    pub async fn restore(&mut self, backup: &Path, folder: &Path) -> anyhow::Result<()> {
        self.disconnect().await?;
        std::fs::create_dir_all(folder)?;
        std::fs::copy(backup, folder.join("county.db"))?;
        for kept in [
            "county.key",
            "county-ca.key",
            "county-ca.pem",
            "removals.log",
        ] {
            let from = self.folder.join(kept);
            if from.exists() {
                std::fs::copy(from, folder.join(kept))?;
            }
        }
        self.county = Arc::new(home::open(folder).await?);
        self.folder = folder.to_owned();
        self.reconnect()
    }

    /// `https://…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The id of one of its centres.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn centre(&self, number: usize) -> anyhow::Result<Uuid> {
        Ok(self
            .invented
            .centres
            .get(number)
            .context("no such centre")?
            .id)
    }
}

/// Where a desk of the tests puts the files that somebody asks for: beside its own folder, as on a
/// real computer.
#[must_use]
pub fn papers_of(home: &Path) -> PathBuf {
    home.with_extension("papers")
}

/// A desk with files of its own.
pub struct TestDesk {
    /// The desk.
    pub desk: Desk,
    /// Its folder.
    pub home: PathBuf,
    /// Its keyring.
    pub keeper: Keeper,
    /// Its clock.
    pub clock: TestClock,
}

impl TestDesk {
    /// A desk over a folder, as after a start of the program.
    #[must_use]
    pub fn open(home: &Path, keeper: &Keeper, clock: &TestClock) -> Self {
        let settings = Settings {
            home: home.to_owned(),
            papers: papers_of(home),
            keeper: Arc::new(keeper.clone()),
            clock: Arc::new(clock.clone()),
            kdf: CHEAP,
        };
        Self {
            desk: Desk::new(settings),
            home: home.to_owned(),
            keeper: keeper.clone(),
            clock: clock.clone(),
        }
    }

    /// A new device, enrolled at a centre, with a safeguarding lead logged in, and caught up with the county.
    ///
    /// # Errors
    /// When any of it is refused.
    pub async fn enrolled(
        home: &Path,
        clock: &TestClock,
        county: &TestCounty,
        centre: usize,
    ) -> anyhow::Result<Self> {
        let fresh = Self::open(home, &Keeper::default(), clock);
        let code = county
            .county
            .make_code(county.centre(centre)?, true, 60_000)
            .await?;
        let request = json!({
            "server": county.url(),
            "county_certificate": county.certificate,
            "code": code.to_string(),
            "device_name": "Front desk",
            "name": "Sami Example",
            "password": PASSWORD,
        });
        fresh.call("set_up", request).await?;
        fresh.call("sync_now", json!({})).await?;
        Ok(fresh)
    }

    /// Makes a login of a role and logs it in, in place of whoever is there. Gives the user.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn log_in_as(&self, role: &str) -> anyhow::Result<Value> {
        let invited = self
            .call(
                "invite_login",
                json!({ "user": null, "name": format!("Casey {role}"), "role": role }),
            )
            .await?;
        let user = invited.get("user").context("user")?.clone();
        self.call("close", json!({})).await?;
        let code = invited.get("code").context("code")?;
        self.call(
            "accept_invitation",
            json!({ "user": user, "code": code, "password": PASSWORD }),
        )
        .await?;
        Ok(user)
    }

    /// Calls a command.
    ///
    /// # Errors
    /// The refusal.
    pub async fn call(&self, name: &str, request: Value) -> Result<Value, Refusal> {
        self.desk.call(name, request).await
    }

    /// Calls a command that must be refused, and says why it was.
    ///
    /// # Errors
    /// When it was not refused.
    pub async fn refused(&self, name: &str, request: Value) -> anyhow::Result<Code> {
        match self.call(name, request).await {
            Ok(_) => anyhow::bail!("{name} was not refused"),
            Err(refusal) => Ok(refusal.code),
        }
    }
}

/// A small picture, as JPEG bytes in base64, of one colour.
///
/// # Errors
/// Never in practice.
pub fn picture(colour: [u8; 3], width: u32, height: u32) -> anyhow::Result<String> {
    use base64::Engine as _;
    let image = image::RgbImage::from_pixel(width, height, image::Rgb(colour));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Jpeg)?;
    Ok(base64::engine::general_purpose::STANDARD.encode(bytes.into_inner()))
}

/// A signature of a few strokes, as the window sends it.
#[must_use]
pub fn signature() -> Value {
    let stroke = |offset: f64| {
        let points: Vec<Value> = (0..12)
            .map(|step| {
                let step = f64::from(step);
                json!({ "x": 20.0 + step * 9.0, "y": 40.0 + offset + (step * 0.7).sin() * 12.0, "t": step * 16.0, "pressure": 0.5 })
            })
            .collect();
        json!({ "points": points })
    };
    json!([stroke(0.0), stroke(14.0)])
}
