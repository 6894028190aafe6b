//! What each story begins with: a county, a device enrolled with it, and logins.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use porch_desk::{Desk, KdfParameters, OsKeyring, Settings, SystemClock};
use porch_tests::county::Size;
use porch_tests::driver::{Opening, Window};
use porch_tests::kit::{PASSWORD, TestCounty};
use porch_tests::steps::{self, Newcomer};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The safeguarding lead, who set the device up.
pub(crate) const LEAD: &str = "Ruth Sample";
/// Reception.
pub(crate) const RECEPTION: &str = "Sam Example";

/// A county, and a device whose window is not open yet.
pub(crate) struct Scene {
    pub(crate) county: TestCounty,
    pub(crate) opening: Opening,
    folder: TempDir,
}

impl Scene {
    /// A county, and a device that nobody has set up.
    pub(crate) async fn bare() -> Result<Self> {
        let folder = TempDir::new()?;
        let part = |name: &str| -> Result<PathBuf> {
            let part = folder.path().join(name);
            std::fs::create_dir(&part)?;
            Ok(part)
        };
        // Yesterday, today and tomorrow have sessions, wherever midnight is.
        let yesterday = chrono::Utc::now()
            .date_naive()
            .pred_opt()
            .context("a day before today")?;
        let county = TestCounty::start(
            &part("county")?,
            yesterday,
            Size {
                families: 45,
                days: 3,
            },
        )
        .await?;
        let opening = Opening {
            app: path("PORCH_APP", "../target/debug/porch"),
            tauri_driver: path("PORCH_TAURI_DRIVER", "../target/tools/bin/tauri-driver"),
            home: part("home")?,
            variables: Vec::new(),
            shots: path("PORCH_SHOTS", "../target/test/screenshots"),
            log: folder.path().join("window.log"),
        };
        Ok(Self {
            county,
            opening,
            folder,
        })
    }

    /// A device of the county, with a safeguarding lead and reception.
    pub(crate) async fn enrolled() -> Result<Self> {
        let scene = Self::bare().await?;
        let desk = scene.desk();
        let code = scene.code().await?;
        call(&desk, "set_up", json!({
            "server": scene.county.url(), "county_certificate": scene.county.certificate, "code": code,
            "device_name": "Front desk", "name": LEAD, "password": PASSWORD,
        }))
        .await?;
        call(&desk, "sync_now", json!({})).await?;
        let invited = call(
            &desk,
            "invite_login",
            json!({ "user": null, "name": RECEPTION, "role": "reception" }),
        )
        .await?;
        call(&desk, "close", json!({})).await?;
        let (user, code) = (invited.get("user"), invited.get("code"));
        call(
            &desk,
            "accept_invitation",
            json!({ "user": user, "code": code, "password": PASSWORD }),
        )
        .await?;
        call(&desk, "close", json!({})).await?;
        Ok(scene)
    }

    /// A one-time code for another device of the first centre.
    pub(crate) async fn code(&self) -> Result<String> {
        Ok(self
            .county
            .county
            .make_code(self.county.centre(0)?, true, 600_000)
            .await?
            .to_string())
    }

    fn desk(&self) -> Desk {
        Desk::new(Settings {
            home: self.opening.home.clone(),
            papers: self.opening.home.join("papers"),
            keeper: Arc::new(OsKeyring),
            clock: Arc::new(SystemClock),
            kdf: KdfParameters::CURRENT,
        })
    }

    /// Opens the window.
    pub(crate) async fn open(&self) -> Result<Window> {
        Window::open(&self.opening).await
    }

    /// Opens the window, and logs reception in.
    pub(crate) async fn at_the_desk(&self) -> Result<Window> {
        let window = self.open().await?;
        steps::log_in(&window, RECEPTION, PASSWORD).await?;
        Ok(window)
    }

    /// As [`Scene::at_the_desk`], with a family registered and its page open.
    pub(crate) async fn with_family(&self, newcomer: &Newcomer) -> Result<Window> {
        let window = self.at_the_desk().await?;
        steps::register(&window, newcomer).await?;
        Ok(window)
    }

    /// The county's certificate as a file, as county IT gives it out.
    pub(crate) fn certificate(&self) -> Result<PathBuf> {
        let file = self.folder.path().join("county.pem");
        std::fs::write(&file, &self.county.certificate)?;
        Ok(file)
    }

    /// A file with a picture in it.
    pub(crate) fn picture(&self) -> Result<PathBuf> {
        let file = self.folder.path().join("picture.jpg");
        let picture = image::RgbImage::from_fn(640, 480, |x, y| {
            let sky = y < 300;
            let sun = (i64::from(x) - 480).pow(2) + (i64::from(y) - 120).pow(2) < 3600;
            image::Rgb(if sun {
                [250, 214, 90]
            } else if sky {
                [150, 200, 230]
            } else {
                [110, 160, 90]
            })
        });
        picture.save(&file)?;
        Ok(file)
    }

    /// Whether these words lie readable in any file that the program keeps.
    pub(crate) fn kept_in_plain(&self, words: &[u8]) -> Result<Option<PathBuf>> {
        search(&self.opening.home, words)
    }
}

async fn call(desk: &Desk, name: &str, request: Value) -> Result<Value> {
    desk.call(name, request)
        .await
        .map_err(|refusal| anyhow::anyhow!("{name}: {refusal:?}"))
}

fn path(variable: &str, otherwise: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| otherwise.into(), PathBuf::from)
}

fn search(folder: &Path, words: &[u8]) -> Result<Option<PathBuf>> {
    for entry in std::fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let found = if path.is_dir() {
            search(&path, words)?
        } else {
            let bytes = std::fs::read(&path).unwrap_or_default();
            bytes
                .windows(words.len())
                .any(|window| window == words)
                .then_some(path)
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
