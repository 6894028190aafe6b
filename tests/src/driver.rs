//! The real window, driven as a person works in it: by keys, by a pointer where people draw, and
//! by what stands on the screen. Nothing here waits blindly: each wait has a condition and an end.

pub mod finder;
mod processes;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use finder::What;
use processes::Group;

/// How long anything on the screen may take to come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks.
const BLINK: Duration = Duration::from_millis(20);
/// How many times Tab is pressed before a control counts as out of the keyboard's reach.
const REACH: usize = 250;

/// What to open.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The program.
    pub app: PathBuf,
    /// `tauri-driver`.
    pub tauri_driver: PathBuf,
    /// The program's folder, `PORCH_HOME`.
    pub home: PathBuf,
    /// Variables that differ from this process's own.
    pub variables: Vec<(String, String)>,
    /// Where screenshots go.
    pub shots: PathBuf,
    /// Where the program's own words on stderr go.
    pub log: PathBuf,
}

/// The program's window.
pub struct Window {
    client: Client,
    group: Group,
    opening: Opening,
}

impl Window {
    /// Starts the program and takes hold of its window.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open(opening: &Opening) -> Result<Self> {
        std::fs::create_dir_all(&opening.shots)?;
        let (port, native) = (processes::free_port()?, processes::free_port()?);
        let log = File::options()
            .create(true)
            .append(true)
            .open(&opening.log)
            .context("the window's log")?;
        let mut command = Command::new(&opening.tauri_driver);
        command
            .args([
                "--port",
                &port.to_string(),
                "--native-port",
                &native.to_string(),
            ])
            .env("PORCH_HOME", &opening.home)
            .envs(opening.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log));
        let group = Group::start(&mut command)
            .with_context(|| format!("{} could not be started", opening.tauri_driver.display()))?;
        processes::wait_for_port(port).await?;
        processes::wait_for_port(native).await?;
        let application = opening
            .app
            .canonicalize()
            .with_context(|| format!("there is no {}", opening.app.display()))?;
        let wanted = json!({ "tauri:options": { "application": application, "args": [] } });
        let Value::Object(wanted) = wanted else {
            bail!("capabilities")
        };
        let connecting = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        let client = connecting.context("the window did not open")?;
        let window = Self {
            client,
            group,
            opening: opening.clone(),
        };
        window
            .until("the first page", async || {
                Ok(window.text().await?.trim().len() > 5)
            })
            .await?;
        Ok(window)
    }

    /// The WebDriver client, for what has no words here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the program as the desk's power cable would: at once, without a word.
    ///
    /// # Errors
    /// When it was not running.
    pub fn kill(self) -> Result<()> {
        self.group.kill_program(&self.opening.app)
    }

    /// Closes the window as its cross does.
    ///
    /// # Errors
    /// When it was gone already.
    pub async fn close(self) -> Result<()> {
        self.client
            .clone()
            .close()
            .await
            .context("closing the window")
    }

    /// Runs a script in the page.
    ///
    /// # Errors
    /// When it throws.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Everything that can be read on the screen now.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn text(&self) -> Result<String> {
        let text = self
            .script(&finder::script("return seen();"), vec![])
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Where the window is, such as `#/register`.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn place(&self) -> Result<String> {
        let place = self.script("return window.location.hash;", vec![]).await?;
        Ok(place.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a condition holds.
    ///
    /// # Errors
    /// When it does not in time: with what was on the screen instead.
    pub async fn until(&self, what: &str, condition: impl AsyncFn() -> Result<bool>) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            // A page that is just being replaced may refuse a look.
            let held = condition().await;
            if matches!(held, Ok(true)) {
                return Ok(());
            }
            if Instant::now() > end {
                let text = self
                    .text()
                    .await
                    .unwrap_or_else(|error| format!("{error:#}"));
                held.with_context(|| format!("waiting for {what}"))?;
                bail!("{what}: did not come. On the screen:\n{text}");
            }
            tokio::time::sleep(BLINK).await;
        }
    }

    /// Waits until these words can be read.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn see(&self, words: &str) -> Result<()> {
        self.until(&format!("“{words}”"), async || {
            Ok(self.text().await?.contains(words))
        })
        .await
    }

    /// Waits until these words can no longer be read.
    ///
    /// # Errors
    /// When they stay.
    pub async fn gone(&self, words: &str) -> Result<()> {
        self.until(&format!("no more “{words}”"), async || {
            Ok(!self.text().await?.contains(words))
        })
        .await
    }

    /// Waits until the window is at a place, such as `#/register`.
    ///
    /// # Errors
    /// When it does not get there.
    pub async fn at(&self, place: &str) -> Result<()> {
        self.until(place, async || Ok(self.place().await?.starts_with(place)))
            .await
    }

    /// Waits until something is there.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn find(&self, what: &What) -> Result<Element> {
        self.until(&what.to_string(), async || {
            Ok(self.look(what).await?.is_some())
        })
        .await?;
        self.look(what).await?.with_context(|| what.to_string())
    }

    /// Whether something is there now.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn has(&self, what: &What) -> Result<bool> {
        Ok(self.look(what).await?.is_some())
    }

    async fn look(&self, what: &What) -> Result<Option<Element>> {
        let found = self
            .script(
                &finder::script("return find(...arguments);"),
                what.arguments(),
            )
            .await?;
        let id = found
            .as_object()
            .and_then(|object| object.values().next())
            .and_then(Value::as_str);
        Ok(id.map(|id| Element::from_element_id(self.client.clone(), id.to_owned().into())))
    }

    /// What a field holds.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn value(&self, what: &What) -> Result<String> {
        Ok(self
            .find(what)
            .await?
            .prop("value")
            .await?
            .unwrap_or_default())
    }

    /// Presses a key.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.stroke(&[], char::from(key)).await
    }

    /// Presses a key while others are held: `Ctrl` and `k`.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn chord(&self, held: Key, key: char) -> Result<()> {
        self.stroke(&[char::from(held)], key).await
    }

    async fn stroke(&self, held: &[char], key: char) -> Result<()> {
        let mut keys = KeyActions::new("keyboard".to_owned());
        for &value in held {
            keys = keys.then(KeyAction::Down { value });
        }
        keys = keys
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        for &value in held.iter().rev() {
            keys = keys.then(KeyAction::Up { value });
        }
        Ok(self.client.perform_actions(keys).await?)
    }

    /// Types into whatever has the focus.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn write(&self, text: &str) -> Result<()> {
        let mut keys = KeyActions::new("keyboard".to_owned());
        for value in text.chars() {
            keys = keys
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        Ok(self.client.perform_actions(keys).await?)
    }

    /// Waits until the focus is on something.
    ///
    /// # Errors
    /// When it is not.
    pub async fn focused(&self, what: &What) -> Result<()> {
        self.until(&format!("the focus on {what}"), async || {
            Ok(self.way_to(what).await? == "here")
        })
        .await
    }

    async fn way_to(&self, what: &What) -> Result<String> {
        let way = self
            .script(
                &finder::script("return way(...arguments);"),
                what.arguments(),
            )
            .await?;
        Ok(way.as_str().unwrap_or_default().to_owned())
    }

    /// Moves the focus to something with Tab, and with the arrows inside a group of answers.
    ///
    /// # Errors
    /// When the keyboard does not get there.
    pub async fn go_to(&self, what: &What) -> Result<()> {
        self.find(what).await?;
        for _ in 0..REACH {
            match self.way_to(what).await?.as_str() {
                "here" => return Ok(()),
                "forward" => self.press(Key::Tab).await?,
                "back" => {
                    self.stroke(&[char::from(Key::Shift)], char::from(Key::Tab))
                        .await?
                }
                "down" => self.press(Key::Down).await?,
                "up" => self.press(Key::Up).await?,
                _ => tokio::time::sleep(BLINK).await,
            }
        }
        bail!("the keyboard does not reach {what}")
    }

    /// Goes to a button or link by keyboard and presses Enter.
    ///
    /// # Errors
    /// When the keyboard does not get there.
    pub async fn push(&self, what: &What) -> Result<()> {
        self.go_to(what).await?;
        self.press(Key::Return).await
    }

    /// Goes to a field by keyboard and types in place of what stood there.
    ///
    /// # Errors
    /// When the keyboard does not get there.
    pub async fn fill(&self, what: &What, text: &str) -> Result<()> {
        self.go_to(what).await?;
        self.chord(Key::Control, 'a').await?;
        self.press(Key::Delete).await?;
        self.write(text).await?;
        self.until(&format!("what was typed in {what}"), async || {
            Ok(self.value(what).await? == text)
        })
        .await
    }

    /// Goes to a tick box or an answer by keyboard and leaves it ticked.
    ///
    /// # Errors
    /// When the keyboard does not get there, or it stays as it was.
    pub async fn tick(&self, what: &What) -> Result<()> {
        self.go_to(what).await?;
        if !self.find(what).await?.is_selected().await? {
            self.write(" ").await?;
        }
        self.until(&format!("{what} ticked"), async || {
            Ok(self.find(what).await?.is_selected().await?)
        })
        .await
    }

    /// Clicks on something.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn click(&self, what: &What) -> Result<()> {
        Ok(self.find(what).await?.click().await?)
    }

    /// Draws a name's worth of strokes on the page's canvas with the mouse.
    ///
    /// # Errors
    /// When there is none.
    pub async fn sign(&self) -> Result<()> {
        let corner = "const canvas = document.querySelector('canvas'); canvas.scrollIntoView({ block: 'center' });
            const box = canvas.getBoundingClientRect(); return [box.left, box.top, box.width, box.height];";
        let corner = self.script(corner, vec![]).await?;
        let number = |at: usize| {
            corner
                .get(at)
                .and_then(Value::as_f64)
                .context("no canvas to sign on")
        };
        let (left, top, width, height) = (number(0)?, number(1)?, number(2)?, number(3)?);
        let mut mouse = MouseActions::new("mouse".to_owned());
        for stroke in [0.0, 0.34] {
            for step in 0..14_i32 {
                let along = f64::from(step);
                let x = left + width * (0.12 + stroke + along * 0.02);
                let y = top + height * (0.5 + (along * 0.9).sin() * 0.22);
                let duration = Some(Duration::from_millis(if step == 0 { 0 } else { 10 }));
                mouse = mouse.then(PointerAction::MoveTo { duration, x, y });
                if step == 0 {
                    mouse = mouse.then(PointerAction::Down { button: 0 });
                }
            }
            mouse = mouse.then(PointerAction::Up { button: 0 });
        }
        self.client.perform_actions(mouse).await?;
        Ok(())
    }

    /// Gives a file to the page's file field, as the system's dialog would.
    ///
    /// # Errors
    /// When the page has none.
    pub async fn choose_file(&self, file: &Path) -> Result<()> {
        let field = self.client.find(Locator::Css("input[type=file]")).await?;
        let sent: Result<(), CmdError> = field.send_keys(&file.to_string_lossy()).await;
        sent.context("choosing a file")
    }

    /// Turns the window light or dark, as the computer's own setting would.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn colours(&self, scheme: &str) -> Result<()> {
        self.script(
            "document.documentElement.dataset.scheme = arguments[0];",
            vec![json!(scheme)],
        )
        .await
        .map(drop)
    }

    /// Takes a picture of the window.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn shot(&self, name: &str) -> Result<()> {
        self.client.execute_async("const done = arguments[0]; document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));", vec![]).await?;
        let picture = self.client.screenshot().await?;
        std::fs::write(self.opening.shots.join(format!("{name}.png")), picture)
            .context("writing a screenshot")
    }
}
