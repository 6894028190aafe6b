//! A display and a secret service of their own, so that tests and the demo touch neither the
//! screen nor the passwords of whoever runs them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{Background, output};

/// Opens the throwaway keyring; it guards nothing that is not thrown away with it.
const KEYRING_PASSWORD: &str = "porch";

/// Where the window is to appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// On the display that the person sits at.
    Given,
    /// On a virtual one.
    Virtual,
}

/// Whether the person sits at a display.
pub(crate) fn display_is_given() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// A message bus with an unlocked secret service, a home and perhaps a display; all end with it.
pub(crate) struct Surroundings {
    variables: Vec<(&'static str, String)>,
    // In the order in which they must end.
    _keyring: Background,
    _bus: Background,
    _display: Option<Background>,
}

impl Surroundings {
    /// Starts them with `home` as the home directory, made when it is not there. What the secret
    /// service is given stays below `home` and is there again the next time.
    pub(crate) fn start(home: &Path, screen: Screen) -> Result<Surroundings> {
        let mut variables = vec![
            ("GTK_A11Y", "none".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
        ];
        for (name, folder) in [
            ("HOME", ""),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", ".local/state"),
        ] {
            variables.push((name, text(&made(&home.join(folder))?)?));
        }
        variables.push(("XDG_RUNTIME_DIR", text(&runtime_folder(home)?)?));
        keep_tool_chain(&mut variables);

        let log = home.join("surroundings.log");
        let display = match screen {
            Screen::Given => {
                keep_given_display(&mut variables);
                None
            }
            Screen::Virtual => {
                let mut server = Background::start(
                    Command::new("Xvfb").args([
                        "-displayfd",
                        "1",
                        "-screen",
                        "0",
                        "1280x900x24",
                        "-nolisten",
                        "tcp",
                        "-noreset",
                    ]),
                    &log,
                )?;
                let number = server
                    .first_line()
                    .context("The virtual display did not start.")?;
                variables.push(("DISPLAY", format!(":{number}")));
                Some(server)
            }
        };

        let mut bus = Background::start(
            with(&variables, screen, &mut Command::new("dbus-daemon")).args([
                "--session",
                "--nofork",
                "--nopidfile",
                "--print-address=1",
            ]),
            &log,
        )?;
        let address = bus.first_line().context("The message bus did not start.")?;
        variables.push(("DBUS_SESSION_BUS_ADDRESS", address));

        let mut keyring = Background::start_logged(
            with(
                &variables,
                screen,
                &mut Command::new("gnome-keyring-daemon"),
            )
            .args(["--foreground", "--unlock", "--components=secrets"]),
            &log,
        )?;
        keyring.tell(KEYRING_PASSWORD)?;
        keyring
            .wait_until(Duration::from_secs(20), || owned(&variables, screen))
            .context("The secret service did not start.")?;
        Ok(Surroundings {
            variables,
            _keyring: keyring,
            _bus: bus,
            _display: display,
        })
    }

    /// Lets a program run in these surroundings.
    pub(crate) fn around<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        if self._display.is_some() {
            command
                .env_remove("WAYLAND_DISPLAY")
                .env("GDK_BACKEND", "x11");
        }
        command
    }
}

fn with<'a>(
    variables: &[(&'static str, String)],
    screen: Screen,
    command: &'a mut Command,
) -> &'a mut Command {
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    if screen == Screen::Virtual {
        command.env_remove("WAYLAND_DISPLAY");
    }
    command
}

/// Whether somebody on the bus answers for the secret service.
fn owned(variables: &[(&'static str, String)], screen: Screen) -> bool {
    output(
        with(variables, screen, &mut Command::new("dbus-send")).args([
            "--session",
            "--print-reply=literal",
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner",
            "string:org.freedesktop.secrets",
        ]),
    )
    .is_ok_and(|answer| answer.contains("true"))
}

/// A test may call cargo; it finds its tool chain where it was, not in the new home.
fn keep_tool_chain(variables: &mut Vec<(&'static str, String)>) {
    let Some(home) = std::env::home_dir() else {
        return;
    };
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let value = std::env::var_os(name).map_or_else(|| home.join(folder), PathBuf::from);
        if let Ok(value) = text(&value) {
            variables.push((name, value));
        }
    }
}

/// The person's display stays reachable although home and runtime folder are others.
fn keep_given_display(variables: &mut Vec<(&'static str, String)>) {
    if std::env::var_os("XAUTHORITY").is_none()
        && let Some(Ok(file)) = std::env::home_dir().map(|home| text(&home.join(".Xauthority")))
    {
        variables.push(("XAUTHORITY", file));
    }
    if let (Ok(wayland), Some(runtime)) = (
        std::env::var("WAYLAND_DISPLAY"),
        std::env::var_os("XDG_RUNTIME_DIR"),
    ) && let Ok(socket) = text(&PathBuf::from(runtime).join(wayland))
    {
        variables.push(("WAYLAND_DISPLAY", socket));
    }
}

/// A folder for sockets, open to nobody else. A socket's path may have 108 bytes at most: below a
/// deep home the folder lies with the system's temporary ones.
fn runtime_folder(home: &Path) -> Result<PathBuf> {
    let inside = home.join("run");
    let folder = if inside.as_os_str().len() > 70 {
        std::env::temp_dir().join(format!("porch-run-{}", std::process::id()))
    } else {
        inside
    };
    made(&folder)?;
    #[cfg(unix)]
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(folder)
}

fn made(folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} could not be made.", folder.display()))?;
    Ok(folder.to_path_buf())
}

fn text(path: &Path) -> Result<String> {
    path.to_str()
        .map(str::to_owned)
        .with_context(|| format!("{} is not a plain path.", path.display()))
}
