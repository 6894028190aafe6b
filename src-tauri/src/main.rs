//! The shell: a window onto the desk. It decides nothing.
//!
//! The window speaks through one command, `call`, and hears one event, `porch`; everything
//! behind them is `porch_desk`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod window;

use std::path::PathBuf;
use std::sync::Arc;

use porch_desk::{Desk, OsKeyring, Refusal, Settings, SystemClock};
use serde_json::Value;
use tauri::{Emitter as _, Manager as _, State};
use tokio::sync::broadcast::error::RecvError;

/// The name of the event that carries all that the window is told unasked.
const EVENT: &str = "porch";

#[tauri::command]
async fn call(desk: State<'_, Desk>, name: String, request: Value) -> Result<Value, Refusal> {
    desk.call(&name, request).await
}

/// Where this installation keeps its files: `PORCH_HOME`, or the platform's folder for local data
/// that does not roam with a user's profile.
fn home(app: &tauri::App) -> anyhow::Result<PathBuf> {
    match std::env::var_os("PORCH_HOME") {
        Some(home) => Ok(home.into()),
        None => Ok(app.path().app_local_data_dir()?),
    }
}

/// Where files go that somebody asks for: the folder in which they look for such files. Tests have
/// one of their own.
fn papers(app: &tauri::App, home: &std::path::Path) -> PathBuf {
    if std::env::var_os("PORCH_HOME").is_some() {
        return home.join("papers");
    }
    let path = app.path();
    path.download_dir()
        .or_else(|_| path.document_dir())
        .unwrap_or_else(|_| home.join("papers"))
}

fn main() -> anyhow::Result<()> {
    // A shipped program must not be driven from outside. Nothing else runs yet, so the
    // environment can be changed.
    #[cfg(not(debug_assertions))]
    if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        return restart_without_automation();
    }
    let runtime = tokio::runtime::Runtime::new()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let _inside = runtime.enter();
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![call])
        .setup(|app| {
            let home = home(app)?;
            let desk = Desk::new(Settings {
                home: home.clone(),
                papers: papers(app, &home),
                keeper: Arc::new(OsKeyring),
                clock: Arc::new(SystemClock),
                kdf: porch_desk::KdfParameters::CURRENT,
            });
            let mut events = desk.events();
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                loop {
                    match events.recv().await {
                        // A window that is gone hears nothing, which is fine.
                        Ok(event) => drop(handle.emit(EVENT, event)),
                        Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return,
                    }
                }
            });
            app.manage(desk);
            window::open(app, &home)?;
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}

/// Starts the same program again with the same arguments and without the variable by which a
/// driver takes hold of the window (removing it in place is unsafe in Rust 2024).
#[cfg(not(debug_assertions))]
fn restart_without_automation() -> anyhow::Result<()> {
    let status = std::process::Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env_remove("TAURI_WEBVIEW_AUTOMATION")
        .status()?;
    std::process::exit(status.code().unwrap_or(1))
}
